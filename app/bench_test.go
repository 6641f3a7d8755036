package app

import (
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/bench/floor"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestTheFloorAnswersAsUsagegraph checks that the handlers that the benchmark compares usagegraph with give the same
// answers, byte for byte.
func TestTheFloorAnswersAsUsagegraph(t *testing.T) {
	t.Parallel()
	const from, to = "2025-02-01T00:00:00Z", "2025-09-01T00:00:00Z"
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if !strings.HasPrefix(url, "postgres") {
			return // the floor reads PostgreSQL only
		}
		if printed, err := runCommand(t, "", "--database", url, "demo", "--customers", "20", "--records", "3000"); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		base, _ := start(t, "--database", url)
		handler, err := floor.Handler(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		bare := httptest.NewServer(handler)
		defer bare.Close()
		pool, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		var key, subscriptionKey, at, record, stn string
		var c db.SourceID
		var s db.ID
		if err := pool.QueryRow(`SELECT c.customer_id, c.source, c.source_id, s.id, s.source, s.source_customer_id, s.source_id
			FROM customers c JOIN subscriptions s USING (customer_id) JOIN buckets b USING (customer_id) WHERE s.id = b.subscription_id
			AND b.source = 'DXP' AND s.subscription_name IS NULL ORDER BY c.customer_id, s.id LIMIT 1`).Scan(
			&key, &c.Source, &c.Value, &subscriptionKey, &s.Source, &s.Customer, &s.Value); err != nil {
			t.Fatal(err)
		}
		if err := pool.QueryRow(`SELECT u.event_time::text, u.id::text, (SELECT MIN(source_customer_id) FROM usage_summaries)
			FROM usage_records u WHERE event_time < $1 ORDER BY event_time DESC, id DESC LIMIT 1`, to).Scan(&at, &record, &stn); err != nil {
			t.Fatal(err)
		}
		after := regexp.MustCompile(`"endCursor":"([^"]*)"`).FindStringSubmatch(
			graphql(t, base, `query ($to: DateTime) {usageRecords(first: 1, filter: {eventTime: {lt: $to}}) {pageInfo {endCursor}}}`, map[string]any{"to": to}))[1]
		customer := db.CustomerID(c).String()
		s.Type = db.TypeSubscription
		year := func(variables map[string]any) map[string]any {
			variables["first"], variables["last"] = "2025-01-03", "2025-12-30"
			return variables
		}
		for _, q := range []struct {
			name string
			// ours are the variables of a GraphQL query, or the path of a REST request.
			ours       any
			parameters []string
		}{
			{"Q1", map[string]any{"customers": []string{customer}}, []string{"{" + key + "}"}},
			{"Q2", map[string]any{"subscription": s.String()}, []string{key, subscriptionKey}},
			{"Q3", map[string]any{"customer": customer, "from": from, "to": to}, []string{key, from, to}},
			{"Q4", map[string]any{"after": after}, []string{at, record}},
			{"Q5", "/brm/usageManagement/v4/usage?limit=1000&usageDate.gte=" + from + "&usageDate.lt=" + to, []string{from, to, "1000"}},
			{"Q6", "/api/QueryUsageSubscription?take=50&customerId=" + stn, []string{stn}},
			{"T1", year(map[string]any{"customer": customer}), []string{"2025-01-03", "2025-12-31", key}},
			{"T2", year(map[string]any{"customer": customer}), []string{"2025-01-03", "2025-12-31", key}},
			{"T3", year(map[string]any{"customers": []string{customer}}), []string{"2025-01-03", "2025-12-31", "{" + key + "}"}},
			{"T4", year(map[string]any{}), []string{"2025-01-03", "2025-12-31"}},
			{"T5", year(map[string]any{}), []string{"2025-01-03", "2025-12-31"}},
			{"T6", year(map[string]any{}), []string{"2025-01-03", "2025-12-31"}},
			{"T7", year(map[string]any{}), []string{"2025-01-03", "2025-12-31"}},
		} {
			var ours string
			if path, ok := q.ours.(string); ok {
				_, ours = get(t, base+path)
			} else {
				ours = graphql(t, base, read(t, q.name+".ours.graphql"), q.ours.(map[string]any))
			}
			_, floor := get(t, bare.URL+"/"+q.name+"?"+neturl.Values{"p": q.parameters}.Encode())
			ours, floor = strings.ReplaceAll(ours, base, ""), strings.ReplaceAll(floor, bare.URL, "")
			if diff := cmp.Diff(floor, ours); diff != "" || len(floor) < 200 {
				t.Errorf("%s: %d bytes: %.2000s", q.name, len(floor), diff)
			}
		}
	})
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "bench", "queries", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// graphql sends a query and returns the body of the answer.
func graphql(t *testing.T, base, query string, variables map[string]any) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(base+"/graphql", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
