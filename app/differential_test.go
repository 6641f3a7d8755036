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

// pair is one condition in two dialects: the graph's filter and a shim's parameter. A parameter stands at most once in
// a request.
type pair struct {
	graph, name, value string
}

// surface is a shim beside the list of the graph that must say the same.
type surface struct {
	// list and source say which records; page is what the shim is asked besides; records are the ids of its answer.
	list, source, page string
	path               string
	records            func(body []byte) ([]string, error)
	// pairs makes a condition of a value that a record has.
	pairs []func(r *rand.Rand, sample map[string]string) pair
}

var surfaces = []surface{
	{
		list: "usageRecords", source: "ELEVATE", path: "/customer-usage-data", page: "page=1&pageSize=1000&fields=id", records: bareIDs,
		pairs: []func(*rand.Rand, map[string]string) pair{
			equal("serviceId", "serviceId"), equal("destination", "destination"), equal("productReference", "productReference"),
			like("destination", "destination"), like("serviceId", "serviceId"), among("destination", "destination"),
			whole("siteId", "siteId"), whole("billRunId", "billRunId"),
			bound("eventTime", "gte", "eventDateFrom", ""), bound("eventTime", "lte", "eventDateTo", ""),
			bound("eventTime", "gt", "eventDateFrom", "gt:"), bound("eventTime", "lt", "eventDateTo", "lt:"),
		},
	},
	{
		list: "usageRecords", source: "BRM", path: "/tmf-api/usageManagement/v4/usage", page: "limit=1000&fields=none", records: bareIDs,
		pairs: []func(*rand.Rand, map[string]string) pair{
			equal("sourceId", "id"), bound("eventTime", "eq", "usageDate", ""), bound("eventTime", "gt", "usageDate.gt", ""),
			bound("eventTime", "gte", "usageDate.gte", ""), bound("eventTime", "lt", "usageDate.lt", ""), bound("eventTime", "lte", "usageDate.lte", ""),
		},
	},
	{
		list: "usageSummaries", source: "STN", path: "/api/QueryUsageSubscription", page: "take=1000&orderBy=&fields=id", records: enveloped,
		pairs: []func(*rand.Rand, map[string]string) pair{
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

func equal(field, name string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("%s: {eq: %s}", field, quoted(s[field])), name, s[field]}
	}
}

// like looks for a part of a value, in the other case.
func like(field, name string) func(*rand.Rand, map[string]string) pair {
	return func(r *rand.Rand, s map[string]string) pair {
		text := s[field]
		from := r.IntN(max(1, len(text)-3))
		part := strings.ToUpper(text[from:min(len(text), from+3)])
		prefix := "like:"
		if strings.HasSuffix(name, "Contains") {
			prefix = ""
		}
		return pair{fmt.Sprintf("%s: {like: %s}", field, quoted("%"+part+"%")), name, prefix + part}
	}
}

func among(field, name string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("%s: {in: [%s, \"nothing\"]}", field, quoted(s[field])), name, "in:" + s[field] + ",nothing"}
	}
}

func whole(field, name string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("%s: {eq: %s}", field, s[field]), name, s[field]}
	}
}

func bound(field, operator, name, prefix string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("%s: {%s: %s}", field, operator, quoted(s[field])), name, prefix + s[field]}
	}
}

func amount(field, operator, name string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("%s: {%s: %s}", field, operator, quoted(s[field])), name, s[field]}
	}
}

func month(operator, name string) func(*rand.Rand, map[string]string) pair {
	return func(_ *rand.Rand, s map[string]string) pair {
		return pair{fmt.Sprintf("yearMonth: {%s: %s}", operator, quoted(s["yearMonth"])), name, strings.Replace(s["yearMonth"], "-", "_", 1)}
	}
}

// bareIDs reads the ids of an array; elevate's are numbers.
func bareIDs(body []byte) ([]string, error) {
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

func enveloped(body []byte) ([]string, error) {
	var envelope struct{ Results json.RawMessage }
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, err
	}
	return bareIDs(envelope.Results)
}

func TestTheShimsFilterAsTheGraphDoes(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		if printed, err := runCommand(t, "", "--database", database, "demo", "--customers", "6", "--records", "700"); err != nil {
			t.Fatal(err, printed)
		}
		base, _ := start(t, "--database", database)
		r := rand.New(rand.NewPCG(1, 2))
		for _, s := range surfaces {
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
				got := s.shim(t, base, parameters)
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

// samples are values that records have, by the graph's names.
func (s surface) samples(t *testing.T, base string) []map[string]string {
	t.Helper()
	fields := "sourceId eventTime serviceId destination productReference siteId billRunId"
	filter := "(first: 300, filter: {source: {eq: " + s.source + "}})"
	if s.list == "usageSummaries" {
		fields = "sourceId yearMonth providerGroup total {amount} international {amount}"
		filter = "(first: 300)"
	}
	var data map[string]struct{ Nodes []map[string]any }
	s.ask(t, base, "{"+s.list+filter+" {nodes {"+fields+"}}}", &data)
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

func (s surface) ask(t *testing.T, base, query string, into any) {
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

// graph returns the ids that the graph finds, in the order in which they first came in.
func (s surface) graph(t *testing.T, base, filter string) []string {
	t.Helper()
	var data map[string]struct{ Nodes []struct{ SourceID string } }
	s.ask(t, base, "{"+s.list+"(first: 1000, filter: {"+filter+"}, orderBy: [{field: CREATED}]) {nodes {sourceId}}}", &data)
	var ids []string
	for _, n := range data[s.list].Nodes {
		ids = append(ids, n.SourceID)
	}
	return ids
}

func (s surface) shim(t *testing.T, base, parameters string) []string {
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
