package db_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestListsOfSeveralCustomersEqualTheSortedRows compares the lists of clients of several customers, in each order and
// direction, with and without a filter, whole, page by page and from an offset, with the rows sorted here.
func TestListsOfSeveralCustomersEqualTheSortedRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		ids := convert(w.customers, func(c *db.Customer) int64 { return c.CustomerID })
		for _, n := range []int{2, 3, len(ids)} {
			w.random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
			customers := slices.Clone(ids[:n])
			r := store.For(db.Only(customers...).WithCost(true))
			for _, e := range entities {
				rows := slices.DeleteFunc(slices.Clone(e.rows(w)), func(row db.Node) bool { return !slices.Contains(customers, row.NodeKey().CustomerID) })
				orders := [][]orderKey{nil}
				for _, field := range e.orders {
					orders = append(orders, []orderKey{{field, db.Ascending}}, []orderKey{{field, db.Descending}},
						[]orderKey{{field, pick(w, db.Ascending, db.Descending)}, {"CREATED", pick(w, db.Ascending, db.Descending)}})
				}
				for _, by := range orders {
					if len(by) == 2 && by[0].field == by[1].field {
						continue
					}
					filters := []any{nil, w.filter(e, 1)}
					if e.name == db.TypeUsageRecord {
						filters = append(filters, &db.UsageRecordFilter{EventTime: &db.DateTimeFilter{Lt: &pick(w, w.records...).EventTime}})
					}
					for _, filter := range filters {
						t.Run(fmt.Sprint(n, " customers, ", e.name, " by ", by, " filtered ", filter != nil), func(t *testing.T) {
							checkCustomers(t, r, w, e, query{orderBy: by, filter: filter}, rows)
						})
					}
				}
			}
		}
	})
}

// checkCustomers compares a list with its sorted rows.
func checkCustomers(t *testing.T, r *db.Reader, w *world, e *entity, q query, rows []db.Node) {
	t.Helper()
	matching := slices.DeleteFunc(slices.Clone(rows), func(row db.Node) bool { return q.filter != nil && !w.matches(q.filter, row) })
	want := idsOf(e.sorted(matching, q.orderBy))
	q.Page = db.Page{Limit: db.MaxPage}
	if got := e.one(t, r, db.NoParent, q).ids(); !slices.Equal(want, got) {
		t.Fatalf("the whole list: %s", cmp.Diff(want, got))
	}
	for _, backward := range []bool{false, true} {
		q.Page = db.Page{Limit: 1 + w.random.IntN(9), Backward: backward}
		if got := e.walk(t, r, db.NoParent, q); !slices.Equal(want, got) {
			t.Errorf("pages of %d, backward %v: %s", q.Limit, backward, cmp.Diff(want, got))
		}
	}
	offset := w.random.IntN(len(want) + 2)
	q.Page = db.Page{Limit: 3, Offset: int64(offset)}
	rest := want[min(offset, len(want)):]
	if p := e.one(t, r, db.NoParent, q); !slices.Equal(rest[:min(3, len(rest))], p.ids()) || p.HasNextPage != (len(rest) > 3) {
		t.Errorf("from %d: %v, more %v; want of %v", offset, p.ids(), p.HasNextPage, rest)
	}
}
