package app

import (
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestBenchmarkQueriesMatchTheirFloorStatements checks that the benchmark's GraphQL queries and the SQL statements of
// its floor, the fastest possible answer, return the same values.
func TestBenchmarkQueriesMatchTheirFloorStatements(t *testing.T) {
	t.Parallel()
	const from, to = "2025-02-01T00:00:00Z", "2025-09-01T00:00:00Z"
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if !strings.HasPrefix(url, "postgres") {
			return // the floor statements are for PostgreSQL only
		}
		if printed, err := runCommand(t, "", "--database", url, "demo", "--customers", "20", "--records", "3000"); err != nil {
			t.Fatalf("%v\n%s", err, printed)
		}
		base, _ := start(t, "--database", url)
		pool, err := sql.Open("postgres", url)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		subscription := keyOf(t, pool, "SELECT customer_id, subscription_id FROM buckets WHERE source = 'DXP' AND customer_id <> 0 ORDER BY 1, 2 LIMIT 1")
		customerKey := db.Key{CustomerID: subscription.CustomerID, ID: subscription.CustomerID}
		var at, id, stn string
		if err := pool.QueryRow(`SELECT u.event_time::text, u.id::text, (SELECT MIN(source_customer_id) FROM usage_summaries)
			FROM usage_records u WHERE event_time < $1 ORDER BY event_time DESC, id DESC LIMIT 1`, to).Scan(&at, &id, &stn); err != nil {
			t.Fatal(err)
		}
		after := regexp.MustCompile(`"endCursor":"([^"]*)"`).FindStringSubmatch(
			graphql(t, base, `query ($to: DateTime) {usageRecords(first: 1, filter: {eventTime: {lt: $to}}) {pageInfo {endCursor}}}`, map[string]any{"to": to}))
		var c db.SourceID
		var s db.ID
		if err := pool.QueryRow(`SELECT c.source, c.source_id, s.source, s.source_customer_id, s.source_id FROM customers c JOIN subscriptions s USING (customer_id)
			WHERE s.customer_id = $1 AND s.id = $2 AND s.subscription_name IS NULL`, subscription.CustomerID, subscription.ID).Scan(&c.Source, &c.Value, &s.Source, &s.Customer, &s.Value); err != nil {
			t.Fatal(err)
		}
		customer := db.CustomerID(c).String()
		s.Type = db.TypeSubscription
		for _, q := range []struct {
			name, member string
			// A test has the variables of a GraphQL query or the path of a REST request, and the parameters of the floor.
			variables  map[string]any
			path       string
			parameters []any
		}{
			{"Q1", "sourceId", map[string]any{"customers": []string{customer}}, "", []any{strconv.FormatInt(customerKey.ID, 10)}},
			{"Q2", "sourceId", map[string]any{"subscription": s.String()}, "", []any{subscription.CustomerID, subscription.ID}},
			{"Q3", "sourceId", map[string]any{"customer": customer, "from": from, "to": to}, "", []any{customerKey.ID, from, to}},
			{"Q4", "sourceId", map[string]any{"after": after[1]}, "", []any{at, id}},
			{"Q5", "id", nil, "/brm/usageManagement/v4/usage?limit=1000&usageDate.gte=" + from + "&usageDate.lt=" + to, []any{from, to}},
			{"Q6", "id", nil, "/api/QueryUsageSubscription?take=50&customerId=" + stn, []any{stn}},
		} {
			var ours string
			if q.path != "" {
				_, ours = get(t, base+q.path)
			} else {
				ours = graphql(t, base, read(t, q.name+".ours.graphql"), q.variables)
			}
			floor, total := "", new(any)
			row := pool.QueryRow(read(t, q.name+".floor.sql"), q.parameters...)
			if err := row.Scan([]any{&floor, total}[:1+strings.Count(read(t, q.name+".floor.sql"), "-- total")]...); err != nil {
				t.Fatalf("%s: %v", q.name, err)
			}
			values := regexp.MustCompile(`"` + q.member + `" ?: ?"([^"]*)"`)
			want := values.FindAllStringSubmatch(floor, -1)
			if diff := cmp.Diff(want, values.FindAllStringSubmatch(ours, -1), cmp.Transformer("value", func(m []string) string { return m[1] })); diff != "" || len(want) < 6 {
				t.Errorf("%s: %d values\n%s\n%.300s", q.name, len(want), diff, ours)
			}
		}
	})
}

func keyOf(t *testing.T, pool *sql.DB, statement string) (key db.Key) {
	t.Helper()
	if err := pool.QueryRow(statement).Scan(&key.CustomerID, &key.ID); err != nil {
		t.Fatal(err)
	}
	return key
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
