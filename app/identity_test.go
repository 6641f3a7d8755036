package app

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db/dbtest"
)

// identityDocument is a file in testdata/identity/<case> and its system.
type identityDocument struct{ source, file string }

// identityQuery is a request after the import of all documents.
type identityQuery struct {
	// client is the scope of the client, as system:id; empty for a client that sees all customers.
	client string
	// query is a GraphQL query, or the path and query of a REST endpoint.
	query string
	// want is the data of the answer, or the matches of the pattern in the body of a REST endpoint.
	want    string
	pattern string
}

var (
	balance     = `"value":"([0-9]+)","name":"AvailableAmount"`
	dxpPath     = "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifierType=MSISDN&product.publicIdentifier="
	identifiers = `{subscriptions {nodes {identifiers {kind validFrom validTo disputed}}}}`
	reports     = `{consumptionReports {nodes {attribution customer {sourceId} buckets {nodes {available {amount}}}}}}`
)

// noReports is the answer to reports without results.
const noReports = `{"consumptionReports":{"nodes":[]}}`

// identityCases are regression tests of the attribution of records to customers.
var identityCases = []struct {
	name     string
	settings []string
	// documents are imported in several orders if anyOrder is set.
	documents []identityDocument
	anyOrder  bool
	queries   []identityQuery
}{
	{name: "number-that-a-stranger-has-now", settings: []string{"--stn-region=PR"}, anyOrder: true,
		documents: []identityDocument{{"stn", "1-summaries.json"}, {"dxp", "2-report.json"}, {"dxp", "3-report.json"}},
		queries: []identityQuery{
			{query: dxpPath + "7875550002", pattern: balance, want: "22"},
			{query: dxpPath + "7875550001", pattern: balance, want: "999"},
			{client: "stn:A", query: dxpPath + "7875550002", pattern: balance, want: "22"},
			{client: "stn:A", query: dxpPath + "7875550001", pattern: `"code":([0-9]+)`, want: "404"},
			{client: "stn:A", query: reports, want: `{"consumptionReports":{"nodes":[{"attribution":"WINDOW","customer":{"sourceId":"A"},"buckets":{"nodes":[{"available":{"amount":"22"}}]}}]}}`},
			{client: "stn:A", query: `{subscriptions {nodes {phoneNumber identifiers {kind value validFrom validTo disputed}}}}`, want: `{"subscriptions":{"nodes":[{"phoneNumber":"787-5550002","identifiers":[` +
				`{"kind":"MSISDN","value":"17875550001","validFrom":"2025-01-01T00:00:00Z","validTo":"2025-02-01T00:00:00Z","disputed":false},` +
				`{"kind":"MSISDN","value":"17875550002","validFrom":"2025-02-01T00:00:00Z","validTo":"2025-03-01T00:00:00Z","disputed":false},` +
				`{"kind":"SOURCE_ID","value":"s1","validFrom":null,"validTo":null,"disputed":false}]}]}}`},
		}},
	{name: "report-before-the-new-owners-first-record", anyOrder: true,
		documents: []identityDocument{{"elevate", "1-calls.json"}, {"dxp", "2-report.json"}, {"elevate", "3-calls.json"}},
		queries: []identityQuery{
			{client: "elevate:1", query: reports, want: noReports},
			{client: "elevate:2", query: reports, want: `{"consumptionReports":{"nodes":[{"attribution":"WINDOW","customer":{"sourceId":"2"},"buckets":{"nodes":[{"available":{"amount":"222"}}]}}]}}`},
		}},
	{name: "report-before-the-new-owners-first-record",
		documents: []identityDocument{{"elevate", "1-calls.json"}, {"dxp", "2-report.json"}},
		queries: []identityQuery{
			{client: "elevate:1", query: reports, want: `{"consumptionReports":{"nodes":[{"attribution":"WINDOW","customer":{"sourceId":"1"},"buckets":{"nodes":[{"available":{"amount":"222"}}]}}]}}`},
		}},
	{name: "number-reassigned-within-a-customer", anyOrder: true,
		documents: []identityDocument{{"stn", "1.json"}, {"stn", "2.json"}},
		queries: []identityQuery{
			{query: `{subscriptions(orderBy: [{field: SOURCE_ID}]) {nodes {sourceId phoneNumber usageSummaries(orderBy: [{field: YEAR_MONTH}]) {nodes {sourceId}}}}}`, want: `{"subscriptions":{"nodes":[` +
				`{"sourceId":"s1","phoneNumber":"06-33333333","usageSummaries":{"nodes":[{"sourceId":"m1"},{"sourceId":"m4"}]}},` +
				`{"sourceId":"s2","phoneNumber":"06-11111111","usageSummaries":{"nodes":[{"sourceId":"m2"},{"sourceId":"m3"}]}}]}}`},
			{query: `{subscription(by: {sourceId: {source: STN, value: "s2"}}) {sourceId phoneNumber}}`, want: `{"subscription":{"sourceId":"s2","phoneNumber":"06-11111111"}}`},
		}},
	{name: "placeholder-sim-joins-all-subscriptions", settings: []string{"--stn-region=PR"}, anyOrder: true,
		documents: []identityDocument{{"stn", "1.json"}, {"dxp", "2.json"}},
		queries: []identityQuery{
			{query: dxpPath + "7875550001", pattern: balance, want: "11"},
			{query: dxpPath + "7875550002", pattern: balance, want: "22"},
			{query: `{subscriptions(filter: {source: {eq: STN}}, orderBy: [{field: SOURCE_ID}]) {nodes {sourceId simCardNumber identifiers {kind value}}}}`, want: `{"subscriptions":{"nodes":[` +
				`{"sourceId":"s1","simCardNumber":"N/A","identifiers":[{"kind":"MSISDN","value":"17875550001"},{"kind":"SOURCE_ID","value":"s1"}]},` +
				`{"sourceId":"s2","simCardNumber":"N/A","identifiers":[{"kind":"MSISDN","value":"17875550002"},{"kind":"SOURCE_ID","value":"s2"}]}]}}`},
		}},
	{name: "sim-filter-after-swap", documents: []identityDocument{{"stn", "1.json"}},
		queries: []identityQuery{
			{query: "/api/QueryUsageSubscription?simCardNumber=8931A", pattern: `"id":"(m[0-9])"`, want: "m1"},
			{query: "/api/QueryUsageSubscription?simCardNumber=8931B", pattern: `"id":"(m[0-9])"`, want: "m2"},
		}},
	{name: "older-month-keeps-the-newer-number", documents: []identityDocument{{"stn", "1.json"}, {"stn", "2.json"}}, anyOrder: true,
		queries: []identityQuery{{query: `{subscriptions {nodes {phoneNumber simCardNumber}}}`, want: `{"subscriptions":{"nodes":[{"phoneNumber":"06-33333333","simCardNumber":"8931000000000000003"}]}}`}}},
	{name: "brm-agent-is-not-the-customer", documents: []identityDocument{{"brm", "1.json"}},
		queries: []identityQuery{{query: `{usageRecords(orderBy: [{field: CREATED}]) {nodes {sourceId customer {sourceId} subscription {sourceId}}} customers {totalCount}}`, want: `{"usageRecords":{"nodes":[` +
			`{"sourceId":"u1","customer":{"sourceId":"acct-1"},"subscription":null},{"sourceId":"u2","customer":{"sourceId":"acct-1"},"subscription":null}]},"customers":{"totalCount":1}}`}}},
	{name: "reversal-keeps-its-usage-type", documents: []identityDocument{{"elevate", "1.json"}},
		queries: []identityQuery{{query: `{usageRecords(orderBy: [{field: CREATED}]) {nodes {usageType quantity {amount}}}}`, want: `{"usageRecords":{"nodes":[` +
			`{"usageType":"DATA","quantity":{"amount":"100"}},{"usageType":"DATA","quantity":{"amount":"-100"}},{"usageType":"VOICE","quantity":{"amount":"60"}},{"usageType":"VOICE","quantity":{"amount":"-60"}}]}}`}}},
	{name: "brm-role-msisdn-without-plus", documents: []identityDocument{{"brm", "1.json"}, {"dxp", "2.json"}}, anyOrder: true,
		queries: []identityQuery{{query: `{subscriptions {nodes {source sourceId phoneNumber customer {sourceId} identifiers {kind value} consumptionReports {nodes {attribution}}}}}`, want: `{"subscriptions":{"nodes":[` +
			`{"source":"BRM","sourceId":"17875550001","phoneNumber":"17875550001","customer":{"sourceId":"acct"},"identifiers":[{"kind":"MSISDN","value":"17875550001"}],"consumptionReports":{"nodes":[{"attribution":"WINDOW"}]}}]}}`}}},
	{name: "same-report-twice", documents: []identityDocument{{"dxp", "1.json"}, {"dxp", "2.json"}}, anyOrder: true,
		queries: []identityQuery{{query: `{consumptionReports {totalCount} buckets {totalCount nodes {available {amount}}}}`, want: `{"consumptionReports":{"totalCount":1},"buckets":{"totalCount":1,"nodes":[{"available":{"amount":"25"}}]}}`}}},
	{name: "another-number-closes-the-window", settings: []string{"--stn-region=PR"}, anyOrder: true,
		documents: []identityDocument{{"stn", "1-summary.json"}, {"dxp", "2-report.json"}, {"stn", "3-summary.json"}},
		queries: []identityQuery{
			{client: "stn:A", query: reports, want: noReports},
			{query: reports, want: `{"consumptionReports":{"nodes":[{"attribution":null,"customer":null,"buckets":{"nodes":[{"available":{"amount":"999"}}]}}]}}`},
		}},
	{name: "number-reassigned-within-a-month", settings: []string{"--stn-region=PR"}, anyOrder: true,
		documents: []identityDocument{{"stn", "1-summary.json"}, {"elevate", "2-calls.json"}, {"dxp", "3-reports.json"}},
		queries: []identityQuery{
			{query: `{consumptionReports(orderBy: [{field: EFFECTIVE_AT}]) {nodes {attribution customer {source sourceId} buckets {nodes {available {amount}}}}}}`, want: `{"consumptionReports":{"nodes":[` +
				`{"attribution":null,"customer":null,"buckets":{"nodes":[{"available":{"amount":"20"}}]}},{"attribution":null,"customer":null,"buckets":{"nodes":[{"available":{"amount":"3"}}]}},` +
				`{"attribution":"WINDOW","customer":{"source":"ELEVATE","sourceId":"17"},"buckets":{"nodes":[{"available":{"amount":"25"}}]}}]}}`},
			// The times of a disputed number reveal another customer's records, so a client sees them only with both customers.
			{client: "stn:A", query: identifiers, want: `{"subscriptions":{"nodes":[{"identifiers":[{"kind":"MSISDN","validFrom":null,"validTo":null,"disputed":false},` +
				`{"kind":"SOURCE_ID","validFrom":null,"validTo":null,"disputed":false}]}]}}`},
			{client: "elevate:17", query: identifiers, want: `{"subscriptions":{"nodes":[{"identifiers":[{"kind":"MSISDN","validFrom":"2025-02-20T00:00:00Z","validTo":"2025-02-20T00:00:00Z","disputed":false}]}]}}`},
			{query: `{subscriptions(filter: {source: {eq: ELEVATE}}) {nodes {identifiers {validFrom disputed}}}}`, want: `{"subscriptions":{"nodes":[{"identifiers":[` +
				`{"validFrom":"2025-01-01T00:00:00Z","disputed":true},{"validFrom":"2025-02-20T00:00:00Z","disputed":false}]}]}}`},
		}},
	{name: "local-numbers-do-not-join", settings: []string{"--stn-region=PR"}, anyOrder: true,
		documents: []identityDocument{{"stn", "1-summary.json"}, {"dxp", "2-report.json"}, {"elevate", "3-calls.json"}, {"dxp", "4-report.json"}},
		queries: []identityQuery{
			{query: `{subscriptions(filter: {source: {ne: DXP}}, orderBy: [{field: PHONE_NUMBER}]) {nodes {source sourceId phoneNumber identifiers {kind value source} customer {sourceId}}}}`, want: `{"subscriptions":{"nodes":[` +
				`{"source":"STN","sourceId":"s1","phoneNumber":"5550001","identifiers":[{"kind":"MSISDN","value":"5550001","source":"STN"},{"kind":"SOURCE_ID","value":"s1","source":"STN"}],"customer":{"sourceId":"A"}},` +
				`{"source":"ELEVATE","sourceId":"8201","phoneNumber":"8201","identifiers":[{"kind":"MSISDN","value":"8201","source":"ELEVATE"}],"customer":{"sourceId":"17"}}]}}`},
			{query: `{subscriptions(filter: {source: {eq: DXP}}, orderBy: [{field: PHONE_NUMBER}]) {nodes {sourceId identifiers {kind value source} customer {sourceId}}}}`, want: `{"subscriptions":{"nodes":[` +
				`{"sourceId":"448201","identifiers":[{"kind":"MSISDN","value":"448201","source":"DXP"}],"customer":null},` +
				`{"sourceId":"5550001","identifiers":[{"kind":"MSISDN","value":"5550001","source":"DXP"}],"customer":null},` +
				`{"sourceId":"8201","identifiers":[{"kind":"MSISDN","value":"8201","source":"DXP"}],"customer":null}]}}`},
			{query: `{consumptionReports {nodes {customer {sourceId}}}}`, want: `{"consumptionReports":{"nodes":[{"customer":null},{"customer":null},{"customer":null}]}}`},
			{query: `{subscription(by: {phoneNumber: "8201"}) {source phoneNumber}}`, want: `{"subscription":{"source":"ELEVATE","phoneNumber":"8201"}}`},
		}},
	{name: "phone-number-formats", documents: []identityDocument{{"elevate", "records.ndjson"}},
		queries: []identityQuery{{query: `{customer(by: {sourceId: {source: ELEVATE, value: "31"}}) {subscriptions {totalCount nodes {identifiers {kind value} usageRecords {totalCount}}}}
			subscription(by: {phoneNumber: "+44 (0)20 7946 0124"}) {usageRecords {totalCount}}}`,
			want: `{"customer":{"subscriptions":{"totalCount":1,"nodes":[{"identifiers":[{"kind":"MSISDN","value":"442079460124"}],"usageRecords":{"totalCount":5}}]}},"subscription":{"usageRecords":{"totalCount":5}}}`}}},
}

func TestIdentityCases(t *testing.T) {
	t.Parallel()
	for _, c := range identityCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			orders := [][]identityDocument{c.documents}
			if c.anyOrder {
				orders = importOrders(c.documents)
			}
			for _, order := range orders {
				dbtest.EachURL(t, func(t *testing.T, url string) {
					settings := append([]string{"--database", url}, c.settings...)
					var files []string
					for _, d := range order {
						files = append(files, d.file)
						path := filepath.Join("testdata", "identity", c.name, d.file)
						if printed, err := runCommand(t, "", append(settings, "import", d.source, path)...); err != nil {
							t.Fatalf("%v\n%s", err, printed)
						}
					}
					base, _ := start(t, settings...)
					secrets := createClients(t, settings, c.queries)
					for _, q := range c.queries {
						if diff := cmp.Diff(q.want, q.run(t, base, secrets[q.client])); diff != "" {
							t.Errorf("imported as %v, client %q: %s: %s", files, q.client, q.query, diff)
						}
					}
				})
			}
		})
	}
}

// createClients creates a client for each scope of the queries, and one that sees all customers. It returns their IDs
// and secrets by scope.
func createClients(t *testing.T, settings []string, queries []identityQuery) map[string][2]string {
	t.Helper()
	secrets := map[string][2]string{}
	for _, q := range append(queries, identityQuery{}) {
		if _, made := secrets[q.client]; made {
			continue
		}
		args := append(slices.Clone(settings), "client", "create", "client "+q.client)
		if q.client != "" {
			args = append(args, "--customer", q.client)
		}
		printed, err := runCommand(t, "", args...)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`client id +(\S+)\nsecret +(\S+)`).FindStringSubmatch(printed)
		secrets[q.client] = [2]string{found[1], found[2]}
	}
	return secrets
}

// run returns the answer to the query.
func (q identityQuery) run(t *testing.T, base string, credentials [2]string) string {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, base+q.query, nil)
	if strings.HasPrefix(q.query, "{") {
		text, _ := json.Marshal(map[string]string{"query": q.query})
		request, err = http.NewRequest(http.MethodPost, base+"/graphql", strings.NewReader(string(text)))
	}
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + credentials[1]}}
	if strings.HasPrefix(q.query, "/dxp") {
		request.Header = http.Header{"Channelid": {"APP"}, "Targetsystem": {"Matrixx"}, "Client_id": {credentials[0]}, "Client_secret": {credentials[1]}}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body json.RawMessage
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	if q.pattern != "" {
		var found []string
		for _, m := range regexp.MustCompile(q.pattern).FindAllStringSubmatch(string(body), -1) {
			found = append(found, m[1])
		}
		return strings.Join(found, " ")
	}
	var data struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := json.Unmarshal(body, &data); err != nil || data.Errors != nil {
		t.Errorf("%s: %s", q.query, body)
	}
	return string(data.Data)
}

// importOrders returns all permutations of up to three elements; of more, the reverse and the rotations.
func importOrders[T any](list []T) [][]T {
	if len(list) <= 3 {
		return permutations(list)
	}
	back := slices.Clone(list)
	slices.Reverse(back)
	orders := [][]T{back}
	for i := range list {
		orders = append(orders, append(slices.Clone(list[i:]), list[:i]...))
	}
	return orders
}

// permutations returns all permutations of a list.
func permutations[T any](list []T) [][]T {
	if len(list) < 2 {
		return [][]T{slices.Clone(list)}
	}
	var all [][]T
	for i := range list {
		rest := slices.Delete(slices.Clone(list), i, i+1)
		for _, p := range permutations(rest) {
			all = append(all, append([]T{list[i]}, p...))
		}
	}
	return all
}
