package db_test

import (
	"strings"
	"testing"

	"usagegraph/db"
)

func TestPriceOfAFilterIsThatOfItsConditions(t *testing.T) {
	t.Parallel()
	type object = map[string]any
	list := func(n int) (list []any) {
		for range n {
			list = append(list, "x")
		}
		return list
	}
	not := func(f object) object { return object{"not": f} }
	search, eq := object{"tag": object{"like": "%x%"}}, object{"destination": object{"eq": "x"}}
	for name, test := range map[string]struct {
		filter any
		price  int
		advice string
	}{
		"none":                          {nil, 0, "0 conditions"},
		"a null filter":                 {(*db.UsageRecordFilter)(nil), 0, "0 conditions"},
		"null conditions":               {object{"destination": object{"eq": nil}, "rated": nil}, 0, "0 conditions"},
		"a comparison":                  {eq, 10, "1 conditions"},
		"two comparisons of a field":    {object{"eventTime": object{"gte": "x", "lt": "x"}}, 20, "2 conditions"},
		"a list":                        {object{"destination": object{"in": list(250)}}, 20, "1 conditions"},
		"a value in place of a list":    {object{"or": eq}, 10, "1 conditions"},
		"a negation":                    {not(eq), 20, "1 negated"},
		"a negation of a negation":      {not(not(eq)), 20, "1 negated"},
		"another value":                 {object{"destination": object{"ne": "x"}}, 20, "1 negated"},
		"a pattern":                     {object{"destination": object{"like": "x%"}}, 50, "1 conditions"},
		"a search":                      {object{"destination": object{"like": "%x%"}}, 100, "1 patterns"},
		"a search after any character":  {object{"destination": object{"like": "_%x"}}, 100, "1 patterns"},
		"a search that is negated":      {not(search), 200, "1 patterns"},
		"a related record":              {object{"rated": object{}}, 1000, "1 conditions on related records"},
		"a search on a related record":  {object{"rated": search}, 1200, "1 conditions on related records"},
		"searches on a related record":  {object{"rated": object{"or": []any{search, search, search, search, search, search}}}, 2200, "6 patterns"},
		"a struct":                      {&db.UsageRecordFilter{Or: []*db.UsageRecordFilter{{Rated: &db.RatedUsageFilter{Tag: &db.StringFilter{Like: new("%x%")}}}}}, 1200, "1 conditions on related records"},
		"a struct with another value":   {&db.CustomerFilter{Name: &db.StringFilter{Ne: new("x"), In: []string{}}}, 30, "1 negated"},
		"a customer of a document":      {&db.UsageRecordFilter{SourceCustomer: &db.SourceID{Source: db.Elevate, Value: "1"}}, 20, "2 conditions"},
		"a pattern of one endpoint":     {&db.UsageSummaryFilter{YearMonthLike: new("2025%")}, 50, "1 conditions"},
		"a bucket with a time in range": {&db.UsageSummaryFilter{Bucket: &db.BucketFilter{EffectiveAt: &db.DateTimeFilter{Gt: &db.Time{}}}}, 1020, "2 conditions on related records"},
	} {
		if got := db.PriceOf(test.filter); got.Total() != test.price || !strings.HasPrefix(got.Advice(), "use fewer of its "+test.advice) {
			t.Errorf("%s: %d, %s", name, got.Total(), got.Advice())
		}
	}
}
