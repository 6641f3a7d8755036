package db_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestCountUpToStopsAtItsMaximum(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		var keys []db.Key
		for _, c := range w.customers {
			keys = append(keys, c.NodeKey())
		}
		for name, scope := range map[string]db.Scope{"all": db.All(), "two customers": db.Only(keys[1].CustomerID, keys[2].CustomerID)} {
			for _, of := range []db.Parents{db.NoParent, {Type: db.TypeCustomer, Keys: keys[:1]}, {Type: db.TypeCustomer, Keys: keys}} {
				for _, filter := range []*db.UsageRecordFilter{nil, {UsageType: &db.UsageTypeFilter{Eq: new(db.Voice)}}} {
					query := db.UsageRecordQuery{Filter: filter, Page: db.Page{Limit: 1, CountOnly: true}}
					pages, err := store.For(scope).UsageRecords(t.Context(), db.AllColumns, of, query)
					if err != nil {
						t.Fatal(err)
					}
					for i, p := range pages {
						total, err := p.TotalCount(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						for _, most := range []int64{1, 20, max(1, total), total + 1} {
							got, err := p.CountUpTo(t.Context(), int32(most))
							if err != nil {
								t.Fatal(err)
							}
							if diff := cmp.Diff(&db.CountUpTo{Value: min(most, total), Exact: total <= most}, got); diff != "" {
								t.Errorf("%s, %d parents, filter %v, list %d of %d, up to %d: %s", name, len(of.Keys), filter, i, total, most, diff)
							}
						}
					}
				}
			}
		}
	})
}

func TestAPageThatShowsTheLengthOfItsListIsNotCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		r := store.For(db.All())
		whole := int64(len(w.customers))
		read := func(page db.Page) *db.CustomerConnection {
			pages, err := r.Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: page})
			if err != nil {
				t.Fatal(err)
			}
			return pages[0]
		}
		for name, test := range map[string]struct {
			page    db.Page
			counted bool
		}{
			"the whole list":              {db.Page{Limit: int(whole)}, false},
			"the whole list backward":     {db.Page{Limit: int(whole), Backward: true}, false},
			"the last page by offset":     {db.Page{Limit: 5, Offset: 5}, false},
			"the first page of two":       {db.Page{Limit: int(whole) - 1}, true},
			"a page after the list":       {db.Page{Limit: 5, Offset: 100}, true},
			"the rest after a cursor":     {db.Page{Limit: int(whole), After: read(db.Page{Limit: 1}).Edges()[0].Cursor()}, true},
			"the length without the rows": {db.Page{Limit: int(whole), CountOnly: true}, true},
		} {
			p := read(test.page)
			ctx, statements := db.CountStatements(t.Context())
			total, err := p.TotalCount(ctx)
			bounded, err2 := p.CountUpTo(ctx, 3)
			if err != nil || err2 != nil || total != whole || *bounded != (db.CountUpTo{Value: 3}) {
				t.Errorf("%s: %d, %v, %v, %v", name, total, bounded, err, err2)
			}
			if n := statements(); (n > 0) != test.counted {
				t.Errorf("%s: %d statements", name, n)
			}
		}
	})
}

func TestInvalidMaximumOfACount(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	pages, err := store.For(db.All()).Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: db.Page{Limit: 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int32{-1, 0, db.MaxCount + 1} {
		if _, err := pages[0].CountUpTo(t.Context(), most); err == nil || err.Error() != fmt.Sprintf("max: want 1 to 1000000, not %d", most) {
			t.Errorf("%d: %v", most, err)
		}
	}
}
