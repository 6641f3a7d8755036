package app

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"usagegraph/db/dbtest"
)

// subscriptionsByNumber is a request with a phone number, and with two levels of lists, so that there is a batch.
const subscriptionsByNumber = `{"operationName":"SubscriptionsByNumber","variables":{"number":"31612345678"},"query":"query SubscriptionsByNumber($number: String!) { subscriptions(first: 5, filter: {phoneNumber: {eq: $number}}) { nodes { id } } customers(first: 5) { nodes { id subscriptions(first: 5) { nodes { id } } } } }"}`

// send sends a request and returns the answer's status, headers and body.
func send(t *testing.T, method, url, body string, header ...string) (int, http.Header, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(text)
}

// demoDatabase imports a few customers into a database and returns its URL.
func demoDatabase(t *testing.T, url string) string {
	t.Helper()
	if printed, err := runCommand(t, "", "--database", url, "demo", "--customers", "3", "--records", "20"); err != nil {
		t.Fatal(err, printed)
	}
	return url
}

func TestAccessLogHasOneLinePerRequestWithoutSecrets(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, out, stop := startWithOutput(t, "--database", demoDatabase(t, url))
		for name, test := range map[string]struct {
			method, path, body, id string
			surface, operation     string
			status                 int
			keepsID                bool
		}{
			"a named operation":        {"POST", "/graphql", subscriptionsByNumber, "abc-1", "graphql", "SubscriptionsByNumber", 200, true},
			"an operation without one": {"POST", "/graphql", `{"query":"{__typename}"}`, "abc-2", "graphql", "anonymous", 200, true},
			"no operation":             {"POST", "/graphql", `{"query":"{phoneNumber31612345678}"}`, "abc-3", "graphql", "/graphql", 200, true},
			"sTN":                      {"GET", "/api/QueryUsageSubscription?phoneNumber=31612345678", "", "abc-4", "stn", "/api/QueryUsageSubscription", 200, true},
			"elevate":                  {"GET", "/customer-usage-data?phoneNumber=31612345678", "", "abc-5", "elevate", "/customer-usage-data", 400, true},
			"brm":                      {"GET", "/tmf-api/usageManagement/v4/usage?limit=1", "", "abc-6", "brm", "/tmf-api/usageManagement/v4/usage", 200, true},
			"the playground":           {"GET", "/?number=31612345678", "", "abc-7", "web", "/", 200, true},
			"an id with a quote":       {"GET", "/", "", `a"b`, "web", "/", 200, false},
			"an id that is too long":   {"GET", "/", "", strings.Repeat("x", 65), "web", "/", 200, false},
		} {
			status, header, _ := send(t, test.method, base+test.path, test.body, "X-Request-ID", test.id,
				"Authorization", "Bearer secret-1", "client_secret", "secret-2", "stn-api-key", "secret-3")
			id := header.Get("X-Request-ID")
			if status != test.status || (id == test.id) != test.keepsID || id == "" {
				t.Errorf("%s: %d with id %q", name, status, id)
			}
			line := requestLine(t, out, id)
			if line.Surface != test.surface || line.Operation != test.operation || line.Status != test.status || line.Bytes == 0 || line.MS == 0 {
				t.Errorf("%s: %+v", name, line)
			}
		}
		stop()
		for _, secret := range []string{"31612345678", "secret-", "{__typename}", "/readyz"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("the log contains %s:\n%s", secret, out)
			}
		}
	})
}

// logLine is a line of the access log.
type logLine struct {
	Message   string `json:"msg"`
	ID        string `json:"request_id"`
	Surface   string
	Operation string
	Status    int
	Bytes     int64
	MS        float64
}

// requestLine returns the access log's only line of a request. The line may be written after the answer.
func requestLine(t *testing.T, out *syncBuffer, id string) logLine {
	t.Helper()
	for range 1000 {
		var found []logLine
		for text := range strings.Lines(out.String()) {
			var line logLine
			if json.Unmarshal([]byte(text), &line) == nil && line.Message == "request" && line.ID == id {
				found = append(found, line)
			}
		}
		if len(found) == 1 {
			return found[0]
		}
	}
	t.Fatalf("want one line for %s:\n%s", id, out)
	return logLine{}
}

func TestMetricsCountRequests(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, out, _ := startWithOutput(t, "--database", demoDatabase(t, url), "--metrics-addr", "127.0.0.1:0")
		metrics := regexp.MustCompile(`"url":"(http://[^"]+/metrics)"`).FindStringSubmatch(out.String())
		if metrics == nil {
			t.Fatalf("no metrics address in\n%s", out)
		}
		if status, _, _ := send(t, "GET", base+"/metrics", ""); status != http.StatusNotFound {
			t.Errorf("the public address answers /metrics: %d", status)
		}
		for range 3 {
			send(t, "POST", base+"/graphql", subscriptionsByNumber)
		}
		send(t, "GET", base+"/api/QueryUsageSubscription?take=x", "")
		for i := range 150 {
			send(t, "POST", base+"/graphql", fmt.Sprintf(`{"query":"query Made%d {__typename}"}`, i))
		}
		// The server may still be finishing the last request when its response has arrived.
		text, deadline := "", time.Now().Add(10*time.Second)
		for idle := false; !idle && time.Now().Before(deadline); {
			_, text = get(t, metrics[1])
			idle = strings.Contains(text, "\nusagegraph_requests_running 0") && strings.Contains(text, `state="in_use"} 0`)
		}
		for _, want := range []string{
			`usagegraph_requests_total{operation="SubscriptionsByNumber",status="200",surface="graphql"} 3`,
			`usagegraph_requests_total{operation="/api/QueryUsageSubscription",status="400",surface="stn"} 1`,
			`usagegraph_request_duration_seconds_count{operation="SubscriptionsByNumber",surface="graphql"} 3`,
			`usagegraph_request_statements_sum{operation="SubscriptionsByNumber",surface="graphql"} 9`,
			`usagegraph_batch_size_count 3`,
			`usagegraph_pool_connections{pool="read",state="in_use"} 0`,
			`usagegraph_pool_connections_max{pool="read"} 16`,
			`usagegraph_pool_waits_total{pool="read"} 0`,
			`usagegraph_requests_running 0`,
			`go_build_info{`, `go_goroutines `, `process_open_fds `,
		} {
			if !strings.Contains(text, "\n"+want) {
				t.Errorf("missing: %s", want)
			}
		}
		if made := strings.Count(text, "\nusagegraph_requests_total{operation=\"Made"); made > 100 || !strings.Contains(text, `operation="other",status="200"`) {
			t.Errorf("%d operation names of a client have their own series, want at most 100", made)
		}
		if t.Failed() {
			t.Log(text)
		}
	})
}

func TestServerIsNotReadyForAnotherSchemaVersion(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		base, _ := start(t, "--database", url)
		driver := "sqlite"
		if strings.HasPrefix(url, "postgres") {
			driver = "postgres"
		}
		tables, err := sql.Open(driver, url)
		if err != nil {
			t.Fatal(err)
		}
		defer tables.Close()
		if _, err := tables.Exec("INSERT INTO schema_version VALUES (9999)"); err != nil {
			t.Fatal(err)
		}
		if status, body := get(t, base+"/readyz"); status != http.StatusServiceUnavailable || strings.Contains(body, "9999") {
			t.Errorf("/readyz: %d %s", status, body)
		}
		if status, body := get(t, base+"/livez"); status != http.StatusOK || body != "alive\n" {
			t.Errorf("/livez: %d %s", status, body)
		}
	})
}

func TestTracesHaveSpansOfResolversAndStatements(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		var mu sync.Mutex
		spans := map[string]int{}
		var all string
		receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			var got collector.ExportTraceServiceRequest
			if err == nil {
				err = proto.Unmarshal(body, &got)
			}
			if err != nil || r.URL.Path != "/v1/traces" {
				t.Errorf("%s: %v", r.URL.Path, err)
			}
			mu.Lock()
			defer mu.Unlock()
			all += got.String()
			for _, resource := range got.ResourceSpans {
				for _, scope := range resource.ScopeSpans {
					for _, span := range scope.Spans {
						spans[span.Name]++
						if id := fmt.Sprintf("%x", span.TraceId); scope.Scope.Name == "usagegraph/graphqlhttp" && id != "4bf92f3577b34da6a3ce929d0e0e4736" {
							t.Errorf("%s is of trace %s", span.Name, id)
						}
					}
				}
			}
		}))
		defer receiver.Close()
		base, _, stop := startWithOutput(t, "--database", demoDatabase(t, url), "--otlp-endpoint", receiver.URL)
		send(t, "POST", base+"/graphql", subscriptionsByNumber, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		send(t, "GET", base+"/api/QueryUsageSubscription?phoneNumber=31612345678", "", "Authorization", "Bearer secret-1")
		stop()
		mu.Lock()
		defer mu.Unlock()
		for name, want := range map[string]int{"graphql SubscriptionsByNumber": 1, "Query.subscriptions": 1, "Query.customers": 1, "Customer.subscriptions": 3,
			"stn /api/QueryUsageSubscription": 1} {
			if spans[name] != want {
				t.Errorf("%d spans of %s, want %d", spans[name], name, want)
			}
		}
		if spans["sql.conn.query"] < 5 || spans["Customer.id"] != 0 {
			t.Errorf("spans %v", spans)
		}
		for _, secret := range []string{"31612345678", "secret-1"} {
			if strings.Contains(all, secret) {
				t.Errorf("the traces contain %s", secret)
			}
		}
		if t.Failed() {
			t.Log(spans, all)
		}
	})
}
