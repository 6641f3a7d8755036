package app

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// conditionPair is the same condition as a GraphQL filter and as a REST parameter.
type conditionPair struct {
	graph, name, value string
}

// filterComparison compares a REST endpoint with a GraphQL list.
type filterComparison struct {
	list, source string // the GraphQL list and the source of its records
	path, page   string // the endpoint and the parameters of all its requests
	// records returns the IDs in the endpoint's answer.
	records func(body []byte) ([]string, error)
	// pairs returns conditions with the values of a sample record.
	pairs []func(r *rand.Rand, sample map[string]string) conditionPair
}

var filterComparisons = []filterComparison{
	{
		list: "usageRecords", source: "ELEVATE", path: "/customer-usage-data", page: "page=1&pageSize=1000&fields=id", records: arrayIDs,
		pairs: []func(*rand.Rand, map[string]string) conditionPair{
			equal("serviceId", "serviceId"), equal("destination", "destination"), equal("productReference", "productReference"),
			like("destination", "destination"), like("serviceId", "serviceId"), oneOf("destination", "destination"),
			equalNumber("siteId", "siteId"), equalNumber("billRunId", "billRunId"),
			bound("eventTime", "gte", "eventDateFrom", ""), bound("eventTime", "lte", "eventDateTo", ""),
			bound("eventTime", "gt", "eventDateFrom", "gt:"), bound("eventTime", "lt", "eventDateTo", "lt:"),
		},
	},
	{
		list: "usageRecords", source: "BRM", path: "/tmf-api/usageManagement/v4/usage", page: "limit=1000&fields=none", records: arrayIDs,
		pairs: []func(*rand.Rand, map[string]string) conditionPair{
			equal("sourceId", "id"), bound("eventTime", "eq", "usageDate", ""), bound("eventTime", "gt", "usageDate.gt", ""),
			bound("eventTime", "gte", "usageDate.gte", ""), bound("eventTime", "lt", "usageDate.lt", ""), bound("eventTime", "lte", "usageDate.lte", ""),
		},
	},
	{
		list: "usageSummaries", source: "STN", path: "/api/QueryUsageSubscription", page: "take=1000&orderBy=&fields=id", records: envelopeIDs,
		pairs: []func(*rand.Rand, map[string]string) conditionPair{
			equal("sourceId", "id"), equal("providerGroup", "providerGroupIn"), like("providerGroup", "providerGroupContains"),
			amount("total", "gt", "amountTotalUsageGreaterThan"), amount("total", "gte", "amountTotalUsageGreaterThanOrEqualTo"),
			amount("total", "lt", "amountTotalUsageLessThan"), amount("international", "lte", "amountInternationalTotalLessThanOrEqualTo"),
			month("eq", "yearMonth"), month("gt", "yearMonthGreaterThan"), month("lte", "yearMonthLessThanOrEqualTo"),
		},
	},
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

func equal(field, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("%s: {eq: %s}", field, quoted(s[field])), name, s[field]}
	}
}

// like matches a part of a value in upper case.
func like(field, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(r *rand.Rand, s map[string]string) conditionPair {
		text := s[field]
		from := r.IntN(max(1, len(text)-3))
		part := strings.ToUpper(text[from:min(len(text), from+3)])
		prefix := "like:"
		if strings.HasSuffix(name, "Contains") {
			prefix = ""
		}
		return conditionPair{fmt.Sprintf("%s: {like: %s}", field, quoted("%"+part+"%")), name, prefix + part}
	}
}

func oneOf(field, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("%s: {in: [%s, \"nothing\"]}", field, quoted(s[field])), name, "in:" + s[field] + ",nothing"}
	}
}

func equalNumber(field, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("%s: {eq: %s}", field, s[field]), name, s[field]}
	}
}

func bound(field, operator, name, prefix string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("%s: {%s: %s}", field, operator, quoted(s[field])), name, prefix + s[field]}
	}
}

func amount(field, operator, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("%s: {%s: %s}", field, operator, quoted(s[field])), name, s[field]}
	}
}

func month(operator, name string) func(*rand.Rand, map[string]string) conditionPair {
	return func(_ *rand.Rand, s map[string]string) conditionPair {
		return conditionPair{fmt.Sprintf("yearMonth: {%s: %s}", operator, quoted(s["yearMonth"])), name, strings.Replace(s["yearMonth"], "-", "_", 1)}
	}
}

// arrayIDs returns the IDs of the records in a JSON array. IDs of elevate are numbers.
func arrayIDs(body []byte) ([]string, error) {
	var list []struct{ ID json.RawMessage }
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range list {
		ids = append(ids, strings.Trim(string(r.ID), `"`))
	}
	return ids, nil
}

// envelopeIDs returns the IDs of the records in an object's results.
func envelopeIDs(body []byte) ([]string, error) {
	var envelope struct{ Results json.RawMessage }
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, err
	}
	return arrayIDs(envelope.Results)
}

func TestRESTAndGraphQLFiltersAgree(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		if printed, err := runCommand(t, "", "--database", database, "demo", "--customers", "6", "--records", "700"); err != nil {
			t.Fatal(err, printed)
		}
		base, _ := start(t, "--database", database)
		r := rand.New(rand.NewPCG(1, 2))
		for _, s := range filterComparisons {
			samples := s.samples(t, base)
			found := 0
			for range 100 {
				conditions, parameters := []string{"source: {eq: " + s.source + "}"}, s.page
				if s.list == "usageSummaries" {
					conditions = nil
				}
				used := map[string]bool{}
				for range 1 + r.IntN(2) {
					p := s.pairs[r.IntN(len(s.pairs))](r, samples[r.IntN(len(samples))])
					field, _, _ := strings.Cut(p.graph, ":")
					if p.value == "" || used[p.name] || used[field] {
						continue
					}
					used[p.name], used[field] = true, true
					conditions = append(conditions, p.graph)
					parameters += "&" + p.name + "=" + url.QueryEscape(p.value)
				}
				want := s.graph(t, base, strings.Join(conditions, ", "))
				got := s.endpoint(t, base, parameters)
				found += len(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s?%s has %d records, the graph with {%s} has %d", s.path, parameters, len(got), strings.Join(conditions, ", "), len(want))
				}
			}
			if found == 0 {
				t.Errorf("%s: no filter found anything", s.path)
			}
		}
	})
}

// samples returns the values of records by the names of the GraphQL fields.
func (s filterComparison) samples(t *testing.T, base string) []map[string]string {
	t.Helper()
	fields := "sourceId eventTime serviceId destination productReference siteId billRunId"
	filter := "(first: 300, filter: {source: {eq: " + s.source + "}})"
	if s.list == "usageSummaries" {
		fields = "sourceId yearMonth providerGroup total {amount} international {amount}"
		filter = "(first: 300)"
	}
	var data map[string]struct{ Nodes []map[string]any }
	s.query(t, base, "{"+s.list+filter+" {nodes {"+fields+"}}}", &data)
	var samples []map[string]string
	for _, n := range data[s.list].Nodes {
		sample := map[string]string{}
		for name, v := range n {
			switch v := v.(type) {
			case nil:
			case map[string]any:
				sample[name] = fmt.Sprint(v["amount"])
			case float64:
				sample[name] = fmt.Sprintf("%.0f", v)
			default:
				sample[name] = fmt.Sprint(v)
			}
		}
		samples = append(samples, sample)
	}
	return samples
}

func (s filterComparison) query(t *testing.T, base, query string, into any) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
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
	var envelope struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(text, &envelope); err != nil || len(envelope.Errors) > 0 {
		t.Fatalf("%s: %v %s", query, err, text)
	}
	if err := json.Unmarshal(envelope.Data, into); err != nil {
		t.Fatal(err)
	}
}

// graph returns the IDs of the records that match a GraphQL filter, in the order of import.
func (s filterComparison) graph(t *testing.T, base, filter string) []string {
	t.Helper()
	var data map[string]struct{ Nodes []struct{ SourceID string } }
	s.query(t, base, "{"+s.list+"(first: 1000, filter: {"+filter+"}, orderBy: [{field: CREATED}]) {nodes {sourceId}}}", &data)
	var ids []string
	for _, n := range data[s.list].Nodes {
		ids = append(ids, n.SourceID)
	}
	return ids
}

// endpoint returns the IDs in the endpoint's answer.
func (s filterComparison) endpoint(t *testing.T, base, parameters string) []string {
	t.Helper()
	status, body := get(t, base+s.path+"?"+parameters)
	if status != http.StatusOK {
		t.Fatalf("%s?%s: %d %s", s.path, parameters, status, body)
	}
	ids, err := s.records([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
