package db_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// pageSize does not divide the length of any list, so that the last page is never full.
const pageSize = 17

func TestEveryListIsOrderedByEachOfItsFields(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			for _, field := range e.orders {
				for _, direction := range []db.OrderDirection{db.Ascending, db.Descending} {
					t.Run(fmt.Sprint(e.name, " by ", field, " ", direction), func(t *testing.T) {
						checkOrder(t, store.For(db.All()), w, e, []orderKey{{field, direction}})
					})
				}
			}
			t.Run(fmt.Sprint(e.name, " in its default order"), func(t *testing.T) { checkOrder(t, store.For(db.All()), w, e, nil) })
		}
	})
}

func TestListsAreOrderedBySeveralFields(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for range 25 {
			e := pick(w, entities...)
			var keys []orderKey
			for _, field := range e.orders {
				if w.random.IntN(3) == 0 {
					keys = append(keys, orderKey{field, pick(w, db.Ascending, db.Descending)})
				}
			}
			w.random.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
			t.Run(fmt.Sprint(e.name, keys), func(t *testing.T) { checkOrder(t, store.For(db.All()), w, e, keys) })
		}
	})
}

// checkOrder compares a list, read whole and page by page in both directions, with the expected order of the rows.
func checkOrder(t *testing.T, r *db.Reader, w *world, e *entity, by []orderKey) {
	want := idsOf(e.sorted(e.rows(w), by))
	if len(want)%pageSize == 0 && e.name != db.TypeCustomer {
		t.Fatalf("%d rows fill their pages: the test proves nothing", len(want))
	}
	whole := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, orderBy: by})
	if diff := cmp.Diff(want, whole.ids()); diff != "" {
		t.Fatalf("the whole list: %s", diff)
	}
	if whole.HasNextPage || whole.HasPreviousPage {
		t.Error("the whole list has another page")
	}
	size := min(pageSize, len(want)/2)
	for _, backward := range []bool{false, true} {
		if diff := cmp.Diff(want, e.walk(t, r, db.NoParent, query{Page: db.Page{Limit: size, Backward: backward}, orderBy: by})); diff != "" {
			t.Errorf("page by page, backward %v: %s", backward, diff)
		}
	}
}

// sorted sorts rows by keys: missing values last, ties by id in the direction of the last key.
func (e *entity) sorted(rows []db.Node, by []orderKey) []db.Node {
	keys := by
	if len(by) == 0 {
		keys = e.standard
	}
	keys = append(slices.Clip(keys), orderKey{"CREATED", keys[len(keys)-1].direction})
	return slices.SortedFunc(slices.Values(rows), func(a, b db.Node) int {
		for _, k := range keys {
			x, y := e.value(a, k.field), e.value(b, k.field)
			switch {
			case x == nil && y == nil:
			case x == nil:
				return 1
			case y == nil:
				return -1
			case k.direction == db.Descending && compare(x, y) != 0:
				return compare(y, x)
			case compare(x, y) != 0:
				return compare(x, y)
			}
		}
		return 0
	})
}

// walk reads a list page by page and returns it in its order.
func (e *entity) walk(t *testing.T, r *db.Reader, of db.Parents, q query) []db.ID {
	t.Helper()
	var got []db.ID
	for range 1000 {
		p := e.one(t, r, of, q)
		onward, onBack := p.HasNextPage, p.HasPreviousPage
		if q.Backward {
			got = append(p.ids(), got...)
			onward, onBack = onBack, onward
		} else {
			got = append(got, p.ids()...)
		}
		if first := q.After == "" && q.Before == ""; onBack == first {
			t.Errorf("a page has a page before it: %v; it is the first: %v", onBack, first)
		}
		if onward && len(p.nodes) != q.Limit {
			t.Errorf("a page of %d has another page after only %d rows", q.Limit, len(p.nodes))
		}
		if !onward {
			return got
		}
		if q.Backward {
			q.Before = *p.StartCursor
		} else {
			q.After = *p.EndCursor
		}
	}
	t.Fatal("the pages do not end")
	return nil
}

func TestPageBetweenCursors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		fill(t, store)
		r := store.For(db.All())
		for _, e := range entities {
			for _, field := range e.orders {
				by := []orderKey{{field, db.Descending}}
				all := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, orderBy: by})
				from, to := len(all.nodes)/4, len(all.nodes)-2
				want := all.ids()[from+1 : to]
				between := db.Page{Limit: db.MaxPage, After: all.cursors[from], Before: all.cursors[to]}
				p := e.one(t, r, db.NoParent, query{Page: between, orderBy: by})
				if diff := cmp.Diff(want, p.ids()); diff != "" {
					t.Errorf("%s by %s: %s", e.name, field, diff)
				}
				if *p.StartCursor != all.cursors[from+1] || *p.EndCursor != all.cursors[to-1] {
					t.Errorf("%s by %s: the page's ends are not its nodes'", e.name, field)
				}
				between.Backward, between.Limit = true, 2
				p = e.one(t, r, db.NoParent, query{Page: between, orderBy: by})
				if diff := cmp.Diff(want[max(0, len(want)-2):], p.ids()); diff != "" {
					t.Errorf("the last two %s by %s: %s", e.name, field, diff)
				}
				crossed := db.Page{Limit: 5, After: all.cursors[to], Before: all.cursors[from]}
				if p := e.one(t, r, db.NoParent, query{Page: crossed, orderBy: by}); len(p.nodes) != 0 || p.StartCursor != nil || p.EndCursor != nil {
					t.Errorf("%s by %s: %d nodes between cursors that are crossed", e.name, field, len(p.nodes))
				}
			}
		}
	})
}

func TestPageWithOffset(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		r := store.For(db.All())
		for _, e := range entities {
			for _, field := range e.orders {
				by := []orderKey{{field, pick(w, db.Ascending, db.Descending)}}
				all := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, orderBy: by}).ids()
				for _, offset := range []int{1, 3, len(all) - 1, len(all), len(all) + 5} {
					rest := all[min(offset, len(all)):]
					p := e.one(t, r, db.NoParent, query{Page: db.Page{Limit: 4, Offset: int64(offset)}, orderBy: by})
					if diff := cmp.Diff(rest[:min(4, len(rest))], p.ids()); diff != "" || p.HasNextPage != (len(rest) > 4) {
						t.Errorf("%s by %s, from %d: more %v, %s", e.name, field, offset, p.HasNextPage, diff)
					}
				}
			}
		}
	})
}

func TestOrderRejectsRepeatedAndUnknownFields(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, e := range entities {
			for name, keys := range map[string][]orderKey{
				"a repeated field":           {{"CREATED", db.Ascending}, {"CREATED", db.Ascending}},
				"a field in both directions": {{"CREATED", db.Ascending}, {"CREATED", db.Descending}},
				"an unknown field":           {{"COLOUR", db.Ascending}},
				"no field":                   {{}},
			} {
				_, err := e.list(context.Background(), store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: 1}, orderBy: keys})
				t.Run(fmt.Sprint(e.name, ": ", name), func(t *testing.T) { failsAs(t, err, db.BadInput) })
			}
		}
	})
}
