package lawtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/stn"
)

// brmPath is the path of brm's endpoint.
const brmPath = "/brm/usageManagement/v4/usage"

// answers holds the answers of all surfaces to one client.
type answers struct {
	graph map[string]any
	// texts are the answers of each surface, with lists in a canonical order.
	texts map[string]string
	// shown are the records in the answers of each surface.
	shown map[string][]recordKey
}

// listAssignments selects the assignments without the time and the author.
const listAssignments = "{assignments(first: 200) {totalCount nodes {kind source value customer {source value} validFrom validTo}}}"

// readAll reads the answers of all surfaces about the records of a model.
func (c client) readAll(w *model) (*answers, error) {
	a := &answers{texts: map[string]string{}, shown: map[string][]recordKey{}}
	data, err := c.graphql(c.query[c.customer == ""])
	if err != nil {
		return nil, err
	}
	if c.customer == "" {
		list, err := client{c.server, staff}.graphql(listAssignments)
		if err != nil {
			return nil, err
		}
		data["assignments"] = list["assignments"]
	}
	a.graph = normal(data).(map[string]any)
	if err := c.checkGlobalIDs(a.graph); err != nil {
		return nil, err
	}
	a.texts["graph"] = indented(a.graph)
	a.shown["graph"] = recordsIn(a.graph)
	for _, e := range []struct {
		path   string
		source db.Source
		page   func(n int) string
	}{
		{"/customer-usage-data", db.Elevate, func(n int) string { return fmt.Sprintf("page=%d&pageSize=%d", n+1, pageSize) }},
		{brmPath, db.BRM, func(n int) string { return fmt.Sprintf("offset=%d&limit=%d", n*pageSize, pageSize) }},
		{stn.Pattern, db.STN, func(n int) string { return fmt.Sprintf("skip=%d&take=%d", n*pageSize, pageSize) }},
	} {
		if err := c.readPages(a, e.path, e.source, e.page); err != nil {
			return nil, err
		}
	}
	if c.customer == "" {
		if err := c.readLookups(a, w); err != nil {
			return nil, err
		}
	}
	return a, c.readBalances(a, w)
}

// pageSize is small, so that endpoints have several pages.
const pageSize = 10

// readPages reads all pages of an endpoint.
func (c client) readPages(a *answers, path string, source db.Source, page func(n int) string) error {
	var rows []any
	for n := 0; ; n++ {
		status, body := c.send("GET", path+"?"+page(n), "")
		if status != 200 {
			return fmt.Errorf("%s: %d %s", path, status, body)
		}
		var found []any
		var envelope struct{ Results []any }
		if err := decode(body, &found); err != nil {
			if err := decode(body, &envelope); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			found = envelope.Results
		}
		if rows = append(rows, found...); len(found) < pageSize {
			break
		}
	}
	for _, row := range rows {
		a.shown[path] = append(a.shown[path], recordKey{source, fmt.Sprint(row.(map[string]any)["id"])})
	}
	a.texts[path] = indented(sortedList(rows))
	return nil
}

// normal sorts the nodes of every list.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = normal(member)
			if list, ok := member.([]any); ok && name == "nodes" {
				v[name] = sortedList(list)
			}
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
	}
	return v
}

func sortedList(list []any) []any {
	texts := make([]string, len(list))
	for i, element := range list {
		text, err := json.Marshal(element)
		if err != nil {
			panic(err)
		}
		texts[i] = string(text)
	}
	sort.Sort(byText{list, texts})
	return list
}

// byText sorts a list by the texts of its elements.
type byText struct {
	list  []any
	texts []string
}

func (b byText) Len() int           { return len(b.list) }
func (b byText) Less(i, j int) bool { return b.texts[i] < b.texts[j] }
func (b byText) Swap(i, j int) {
	b.list[i], b.list[j] = b.list[j], b.list[i]
	b.texts[i], b.texts[j] = b.texts[j], b.texts[i]
}

func indented(v any) string {
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// recordsIn returns the keys of all records at any depth of an answer, each once.
func recordsIn(v any) []recordKey {
	var list []recordKey
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			switch v["__typename"] {
			case "UsageRecord", "UsageSummary", "ConsumptionReport":
				list = append(list, recordKey{db.Source(v["source"].(string)), v["sourceId"].(string)})
			}
			for _, member := range v {
				walk(member)
			}
		case []any:
			for _, element := range v {
				walk(element)
			}
		}
	}
	walk(v)
	slices.SortFunc(list, recordKey.compare)
	return slices.Compact(list)
}

func (k recordKey) compare(of recordKey) int {
	return strings.Compare(string(k.source)+k.id, string(of.source)+of.id)
}
