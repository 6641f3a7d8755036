package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// put stores usage records of one customer, with the source ids a, b, c and so on.
func put(t *testing.T, store *db.Store, records ...*db.UsageRecord) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		customer := &db.Customer{CustomerID: tx.NextID(), Source: db.Elevate, SourceID: "1"}
		for i, u := range records {
			u.CustomerID, u.Source, u.SourceID = customer.CustomerID, db.Elevate, string(rune('a'+i))
		}
		if err := tx.AddCustomers(ctx, []*db.Customer{customer}); err != nil {
			return err
		}
		_, err := tx.Upsert(ctx, db.PrepareRecords(records, nil, nil))
		return err
	})
}

// letters returns the source ids of the records that match a filter.
func letters(t *testing.T, store *db.Store, filter *db.UsageRecordFilter) string {
	t.Helper()
	pages, err := store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.NoParent, db.UsageRecordQuery{
		Filter: filter, Page: db.Page{Limit: db.MaxPage}, OrderBy: []*db.UsageRecordOrder{{Field: "SOURCE_ID", Direction: db.Ascending}}})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(convert(pages[0].Nodes, func(u *db.UsageRecord) string { return u.SourceID }), "")
}

type recordFilter = db.UsageRecordFilter

// filterRules are filters on three records: a has the description "x" and 1.5 MB, b "y" and 2 MB, c has neither.
var filterRules = []struct {
	name   string
	filter *recordFilter
	want   string
}{
	{"no filter finds all", nil, "abc"},
	{"an empty filter finds all", &recordFilter{}, "abc"},
	{"an empty leaf finds all", &recordFilter{Description: &db.StringFilter{}}, "abc"},
	{"ne matches null", &recordFilter{Description: &db.StringFilter{Ne: new("x")}}, "bc"},
	{"not eq matches null", &recordFilter{Not: &recordFilter{Description: &db.StringFilter{Eq: new("x")}}}, "bc"},
	{"not gt matches null", &recordFilter{Not: &recordFilter{DataQuantity: &db.DecimalFilter{Gt: number("1.5")}}}, "ac"},
	{"not in matches null", &recordFilter{Not: &recordFilter{Description: &db.StringFilter{In: []string{"x"}}}}, "bc"},
	{"not like matches null", &recordFilter{Not: &recordFilter{Description: &db.StringFilter{Like: new("%")}}}, "c"},
	{"a double not cancels out", &recordFilter{Not: &recordFilter{Not: &recordFilter{Description: &db.StringFilter{Eq: new("x")}}}}, "a"},
	{"not of all finds nothing", &recordFilter{Not: &recordFilter{}}, ""},
	{"not of one of two conditions", &recordFilter{Not: &recordFilter{Description: &db.StringFilter{Eq: new("y")}, DataQuantity: &db.DecimalFilter{Gt: number("9")}}}, "abc"},
	{"an empty or finds nothing", &recordFilter{Or: []*recordFilter{}}, ""},
	{"not of an empty or finds all", &recordFilter{Not: &recordFilter{Or: []*recordFilter{}}}, "abc"},
	{"or of an empty filter finds all", &recordFilter{Or: []*recordFilter{{}}}, "abc"},
	{"or of a null finds all", &recordFilter{Or: []*recordFilter{nil}}, "abc"},
	{"an empty and finds all", &recordFilter{And: []*recordFilter{}}, "abc"},
	{"an empty list of texts finds nothing", &recordFilter{Description: &db.StringFilter{In: []string{}}}, ""},
	{"an empty list of decimals finds nothing", &recordFilter{DataQuantity: &db.DecimalFilter{In: []decimal.Decimal{}}}, ""},
	{"an empty list of ids finds nothing", &recordFilter{CustomerID: &db.IDFilter{In: []db.ID{}}}, ""},
	{"not of an empty list finds all", &recordFilter{Not: &recordFilter{Description: &db.StringFilter{In: []string{}}}}, "abc"},
	{"all conditions hold", &recordFilter{Description: &db.StringFilter{Eq: new("x")}, DataQuantity: &db.DecimalFilter{Gt: number("1.5")}}, ""},
	{"or and another condition", &recordFilter{Or: []*recordFilter{{Description: &db.StringFilter{Eq: new("x")}}, {Description: &db.StringFilter{IsNull: new(true)}}},
		DataQuantity: &db.DecimalFilter{IsNull: new(false)}}, "a"},
	{"a decimal by value", &recordFilter{DataQuantity: &db.DecimalFilter{Eq: number("1.50000")}}, "a"},
	{"a decimal in a list by value", &recordFilter{DataQuantity: &db.DecimalFilter{In: []decimal.Decimal{*number("7"), *number("2.00")}}}, "b"},
	{"a decimal that differs by value", &recordFilter{DataQuantity: &db.DecimalFilter{Ne: number("1.50")}}, "bc"},
	{"without a subscription", &recordFilter{SubscriptionID: &db.IDFilter{IsNull: new(true)}}, "abc"},
	{"with a customer", &recordFilter{CustomerID: &db.IDFilter{IsNull: new(false)}}, "abc"},
	{"with a rated usage", &recordFilter{Rated: &db.RatedUsageFilter{}}, "ab"},
	{"without a rated usage", &recordFilter{Not: &recordFilter{Rated: &db.RatedUsageFilter{}}}, "c"},
	{"one rated usage must satisfy both conditions", &recordFilter{Rated: &db.RatedUsageFilter{Tag: &db.StringFilter{Eq: new("p")}, TaxRate: &db.DecimalFilter{Eq: number("2")}}}, ""},
	{"two rated usages may satisfy one condition each", &recordFilter{And: []*recordFilter{
		{Rated: &db.RatedUsageFilter{Tag: &db.StringFilter{Eq: new("p")}}}, {Rated: &db.RatedUsageFilter{TaxRate: &db.DecimalFilter{Eq: number("2")}}}}}, "a"},
}

func TestFilterRules(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store,
			&db.UsageRecord{UsageType: db.Data, Description: new("x"), DataMB: number("1.5"),
				Rated: []*db.RatedUsage{{Tag: new("p"), TaxRate: number("1")}, {Tag: new("q"), TaxRate: number("2.0")}}},
			&db.UsageRecord{UsageType: db.Data, Description: new("y"), DataMB: number("2"), Rated: []*db.RatedUsage{{}}},
			&db.UsageRecord{UsageType: db.Data})
		for _, tt := range filterRules {
			t.Run(tt.name, func(t *testing.T) {
				if got := letters(t, store, tt.filter); got != tt.want {
					t.Errorf("found %q, want %q", got, tt.want)
				}
			})
		}
	})
}

func TestLikePatterns(t *testing.T) {
	t.Parallel()
	tests := []struct{ pattern, matches, others string }{
		{"ab%", "abc ABC ab", "a cab"},
		{"_b", "ab ÄB 日b", "b abc"},
		{"%", " x", ""},
		{"", "", "x"},
		{`100\%`, "100%", "100 100x"},
		{`a\_b`, "a_b A_B", "axb"},
		{`a\\b`, `a\b`, `a\\b ab`},
		{`\a\b`, "ab AB", `\ab`},
		{"ä", "ä", "Ä a"},
		{"straße", "straße STRAßE", "STRASSE"},
		{"%ı%", "ı", "i I"},
		{"[a-z]*", "[a-z]* [A-Z]*", "abc a"},
		{"%.*%", "x.*y", "xy"},
		{"😀_", "😀😀", "😀"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var records []*db.UsageRecord
		var want []string
		for _, tt := range tests {
			matching := ""
			for i, list := range []string{tt.matches, tt.others} {
				for _, text := range strings.Split(list, " ") {
					if text == "" && i == 1 {
						continue
					}
					records = append(records, &db.UsageRecord{UsageType: db.Data, Description: &text, CallClass: &tt.pattern})
					if i == 0 {
						matching += string(rune('a' + len(records) - 1))
					}
				}
			}
			want = append(want, matching)
		}
		put(t, store, records...)
		for i, tt := range tests {
			t.Run(fmt.Sprintf("%q", tt.pattern), func(t *testing.T) {
				own := &db.StringFilter{Eq: &tt.pattern}
				if got := letters(t, store, &recordFilter{CallClass: own, Description: &db.StringFilter{Like: &tt.pattern}}); got != want[i] {
					t.Errorf("matches %q, want %q", got, want[i])
				}
			})
		}
	})
}

func TestInvalidFiltersAreRejected(t *testing.T) {
	t.Parallel()
	tests := map[string]*recordFilter{
		"a pattern that ends with an escape":         {Description: &db.StringFilter{Like: new(`100\`)}},
		"a pattern that ends with three backslashes": {Description: &db.StringFilter{Like: new(`\\\`)}},
		"a pattern with NUL":                         {Description: &db.StringFilter{Like: new("a\x00")}},
		"a text with NUL":                            {Description: &db.StringFilter{Eq: new("a\x00")}},
		"a text with NUL within not":                 {Not: &recordFilter{Description: &db.StringFilter{Ne: new("a\x00")}}},
		"a list with NUL":                            {Description: &db.StringFilter{In: []string{"a", "\x00"}}},
		"a bound with NUL within or":                 {Or: []*recordFilter{{}, {Description: &db.StringFilter{Lte: new("\x00")}}}},
		"text that is not UTF-8":                     {SourceID: &db.StringFilter{Gt: new("\xff")}},
		"half a surrogate pair":                      {SourceID: &db.StringFilter{Eq: new("\xed\xa0\x80")}},
		"a rated usage with NUL":                     {Rated: &db.RatedUsageFilter{Currency: &db.StringFilter{Eq: new("\x00")}}},
		"a pattern of more than a thousand bytes":    {Description: &db.StringFilter{Like: new(strings.Repeat("%", 1001))}},
		"more than ten thousand values":              {Or: slices.Repeat([]*recordFilter{{Description: &db.StringFilter{Eq: new("y")}}}, 10_001)},
		"a bucket's id as a customer":                {CustomerID: &db.IDFilter{Eq: &db.ID{Type: db.TypeBucket}}},
		"a customer's id as a subscription":          {SubscriptionID: &db.IDFilter{Ne: new(db.CustomerID(db.SourceID{Source: db.STN, Value: "1"}))}},
		"a report's id among subscriptions":          {SubscriptionID: &db.IDFilter{In: []db.ID{{Type: db.TypeSubscription}, {Type: db.TypeConsumptionReport}}}},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, filter := range tests {
			t.Run(name, func(t *testing.T) {
				_, err := store.For(db.All()).UsageRecords(context.Background(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 1}})
				failsAs(t, err, db.BadInput)
			})
		}
	})
}

// TestLargeFilters checks that both databases accept the same large filters.
func TestLargeFilters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		put(t, store, &db.UsageRecord{UsageType: db.Data, Description: new("x")})
		many := slices.Repeat([]string{"y"}, 5000)
		deep := &recordFilter{Description: &db.StringFilter{Eq: new("x")}}
		for range 50 {
			deep = &recordFilter{Not: &recordFilter{Not: deep}}
		}
		for name, filter := range map[string]*recordFilter{
			"a list of 5,000 texts":               {Description: &db.StringFilter{In: append(many, "x")}},
			"a list of 2,000 ids":                 {Not: &recordFilter{CustomerID: &db.IDFilter{In: slices.Repeat([]db.ID{db.CustomerID(db.SourceID{Source: db.STN, Value: "1"})}, 2000)}}},
			"2,000 filters, one of which matches": {Or: append(slices.Repeat([]*recordFilter{{Description: &db.StringFilter{Eq: new("y")}}}, 2000), &recordFilter{})},
			"2,000 filters that all match":        {And: slices.Repeat([]*recordFilter{{Description: &db.StringFilter{Eq: new("x")}}}, 2000)},
			"a filter 100 deep":                   deep,
			"a pattern of a thousand letters":     {Not: &recordFilter{Description: &db.StringFilter{Like: new(strings.Repeat("a", 1000))}}},
		} {
			t.Run(name, func(t *testing.T) {
				if got := letters(t, store, filter); got != "a" {
					t.Errorf("found %q", got)
				}
			})
		}
	})
}
