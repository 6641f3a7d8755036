package db_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestListsOfManyParentsEqualThoseOfEach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			for _, parent := range e.parents {
				t.Run(fmt.Sprint(e.name, " of ", parent), func(t *testing.T) {
					parents := db.Parents{Type: parent, Keys: w.parents(parent)}
					for name, q := range w.queries(t, store.For(db.All()), e) {
						t.Run(name, func(t *testing.T) { checkParents(t, store, w, e, parents, q) })
					}
				})
			}
		}
	})
}

// parents returns some keys of a parent type in random order, one of them twice, and the key of a missing record.
func (w *world) parents(of db.NodeType) []db.Key {
	keys := convert(entityNamed(of).rows(w), func(row db.Node) db.Key { return row.NodeKey() })
	w.random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	keys = keys[:min(len(keys), 8)]
	return append(keys, keys[0], db.Key{CustomerID: 12345, ID: 12345})
}

func (w *world) queries(t *testing.T, r *db.Reader, e *entity) map[string]query {
	some := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: db.MaxPage}})
	middle := some.cursors[len(some.cursors)/2]
	queries := map[string]query{
		"all":                    {Page: db.Page{Limit: db.MaxPage}},
		"the first two":          {Page: db.Page{Limit: 2}},
		"the last two":           {Page: db.Page{Limit: 2, Backward: true}},
		"the first 3 after":      {Page: db.Page{Limit: 3, After: middle}},
		"the last 3 before":      {Page: db.Page{Limit: 3, Backward: true, Before: middle}},
		"those of a filter":      {Page: db.Page{Limit: 3}, filter: w.filter(e, 2)},
		"those of an empty list": {Page: db.Page{Limit: 3}, filter: e.nothing()},
	}
	for _, field := range e.orders {
		by := []orderKey{{field, pick(w, db.Ascending, db.Descending)}}
		queries["the first by "+field] = query{Page: db.Page{Limit: 2}, orderBy: by}
	}
	return queries
}

func checkParents(t *testing.T, store *db.Store, w *world, e *entity, parents db.Parents, q query) {
	ctx, statements := db.CountStatements(context.Background())
	r := store.For(db.All())
	pages, err := e.list(ctx, r, parents, q)
	if err != nil || len(pages) != len(parents.Keys) || statements() > 12 { // the global ids of a filter need further statements
		t.Fatalf("%d pages by %d statements, %v; want %d by one", len(pages), statements(), err, len(parents.Keys))
	}
	for i, key := range parents.Keys {
		alone := e.one(t, r, db.Parents{Type: parents.Type, Keys: []db.Key{key}}, q)
		if diff := cmp.Diff(alone.ids(), pages[i].ids()); diff != "" {
			t.Errorf("%v: %s", key, diff)
		}
		if diff := cmp.Diff(alone.PageInfo, pages[i].PageInfo); diff != "" {
			t.Errorf("%v: %s", key, diff)
		}
		total, err := pages[i].total(ctx)
		if err != nil {
			t.Fatal(err)
		}
		totalAlone, err := alone.total(context.Background())
		if want := e.count(w, parents.Type, key, q.filter); err != nil || total != want || totalAlone != want {
			t.Errorf("%v: %d in all, alone %d, want %d; %v", key, total, totalAlone, want, err)
		}
	}
	if statements() > 8 {
		t.Errorf("%d statements for the lists and their totals, want 2", statements())
	}
}

// count returns the number of a parent's rows that satisfy a filter.
func (e *entity) count(w *world, parent db.NodeType, key db.Key, filter any) (n int64) {
	for _, row := range e.rows(w) {
		if ownedBy(row, parent, key) && (filter == nil || w.within(parent).matches(filter, row)) {
			n++
		}
	}
	return n
}

func ownedBy(row db.Node, parent db.NodeType, key db.Key) bool {
	if row.NodeKey().CustomerID != key.CustomerID {
		return false
	}
	column := map[db.NodeType]string{db.TypeSubscription: "SubscriptionID", db.TypeConsumptionReport: "ReportID", db.TypeUsageSummary: "SummaryID"}[parent]
	return column == "" || plain(reflect.ValueOf(row).Elem().FieldByName(column)) == key.ID
}

func TestTotalsCountTheWholeList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			for _, q := range []query{{Page: db.Page{Limit: 1}}, {Page: db.Page{Limit: 2}, filter: w.filter(e, 1)}} {
				p := e.one(t, store.For(db.All()), db.NoParent, q)
				var want int64
				for _, row := range e.rows(w) {
					if q.filter == nil || w.matches(q.filter, row) {
						want++
					}
				}
				if got, err := p.total(context.Background()); err != nil || got != want {
					t.Errorf("%s: %d in all, %v; want %d", e.name, got, err, want)
				}
			}
		}
	})
}

func TestNoParentsHaveNoLists(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		for _, e := range entities {
			for _, parent := range e.parents {
				pages, err := e.list(context.Background(), store.For(db.All()), db.Parents{Type: parent}, query{Page: db.Page{Limit: 5}})
				if err != nil || len(pages) != 0 {
					t.Errorf("%s of no %s: %d pages, %v", e.name, parent, len(pages), err)
				}
			}
		}
	})
}

func TestListsRejectOtherParentTypes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			for parent, keys := range map[db.NodeType][]db.Key{
				db.TypeUsageRecord: {w.records[0].Key}, db.TypeBucket: {w.buckets[0].Key, w.buckets[1].Key}, "Colour": {{CustomerID: 1, ID: 1}},
			} {
				if _, err := e.list(context.Background(), store.For(db.All()), db.Parents{Type: parent, Keys: keys}, query{Page: db.Page{Limit: 5}}); err == nil {
					t.Errorf("%s are listed by %s", e.name, parent)
				}
			}
		}
	})
}
