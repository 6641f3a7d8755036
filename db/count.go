package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"sync"
)

// MaxCount is the maximum of the number up to which CountUpTo counts.
const MaxCount = 1_000_000

// CountUpTo is the length of a list that was counted up to a maximum.
type CountUpTo struct {
	// Value is the length of the list, or the maximum if the list is longer.
	Value int64
	// Exact is true if Value is the length of the list.
	Exact bool
}

// TotalCount returns the length of the whole list. The first call counts the lists of all parents that were read
// together, unless the page shows its length.
func (c *Connection[T]) TotalCount(ctx context.Context) (int64, error) {
	if c.total != nil {
		return *c.total, nil
	}
	return c.counter.length(ctx, c.index, 0)
}

// CountUpTo returns the length of the list, counted up to a maximum. It returns a BadInput error for a maximum that is
// not between 1 and MaxCount.
func (c *Connection[T]) CountUpTo(ctx context.Context, max int32) (*CountUpTo, error) {
	if max < 1 || max > MaxCount {
		return nil, Errorf(BadInput, "max: want 1 to %d, not %d", MaxCount, max)
	}
	most := int64(max)
	n := c.total
	if n == nil {
		counted, err := c.counter.length(ctx, c.index, most+1)
		if err != nil {
			return nil, err
		}
		n = &counted
	}
	return &CountUpTo{Value: min(*n, most), Exact: *n <= most}, nil
}

// counter counts the lists of all parents that were read together.
type counter struct {
	// count returns the lengths of the lists. It stops at most rows of each list; 0 counts all rows.
	count func(ctx context.Context, most int64) ([]int64, error)
	mu    sync.Mutex
	// counted caches the lengths by most.
	counted map[int64]*lengths
}

// lengths holds the lengths of lists, or the error of counting them.
type lengths struct {
	once sync.Once
	list []int64
	err  error
}

// length returns the length of the list with an index.
func (c *counter) length(ctx context.Context, index int, most int64) (int64, error) {
	c.mu.Lock()
	found := c.counted[most]
	if found == nil {
		if c.counted == nil {
			c.counted = map[int64]*lengths{}
		}
		found = &lengths{}
		c.counted[most] = found
	}
	c.mu.Unlock()
	found.once.Do(func() { found.list, found.err = c.count(ctx, most) })
	if found.err != nil {
		return 0, found.err
	}
	return found.list[index], nil
}

// count returns the length of the list of each parent, in the order of the parents, by one statement. It stops at most
// rows of each list; 0 counts all rows.
func count[T any, K ~string, F Filter](ctx context.Context, r *Reader, t *table[T, K], of Parents, f F, most int64) ([]int64, error) {
	if f, ok := any(f).(*UsageRecordFilter); ok && of.Type == "" {
		if n, ok, err := r.countStored(ctx, f); ok || err != nil {
			return []int64{n}, err
		}
	}
	counts := make([]int64, len(of.Keys))
	c := r.filterCompiler(ctx)
	c.ofCustomers = of.Type != "" || !r.scope.everyone
	if of.Type == "" && r.scope.everyone {
		c.owners = func(string) {}
	} else if len(of.Keys) > 1 {
		c.owners = c.ownersOf(of)
	}
	c.ofSubscription = ofOneSubscription(of.Type)
	if wide, ok := any(f).(narrowing); ok && !wide.narrows(false) && len(of.Keys) == 1 && t.parents[of.Type] == "" {
		c.within = func(x string) {
			r.scope.conditions(c, x)
			if of.Type != "" {
				c.add(x, "customer_id = ", c.bind(of.Keys[0].CustomerID))
			}
		}
	}
	matching := func(f Filter) string {
		return c.all(func() { r.scope.conditions(c, "t."); f.conditions(c, "t.") })
	}
	opposite, isOpposite := oppositeOf(f)
	var where string
	if isOpposite = isOpposite && len(of.Keys) == 1 && most == 0; isOpposite {
		where = matching(opposite)
	} else {
		where = matching(f)
	}
	var sql string
	switch link, ok := t.parents[of.Type]; {
	case len(of.Keys) == 1:
		ofParent, err := t.parentCondition(c, of)
		if err != nil {
			return nil, err
		}
		if isOpposite {
			sql = fmt.Sprintf("SELECT 1, (SELECT COUNT(*) FROM %s t WHERE %s AND %s) - (SELECT COUNT(*) FROM %[1]s t WHERE %[2]s AND %[4]s) AS n",
				t.name, ofParent, c.all(func() { r.scope.conditions(c, "t.") }), where)
			break
		}
		sql = fmt.Sprintf("SELECT 1, COUNT(*) AS n FROM %s t WHERE %s AND %s", t.name, ofParent, where)
		if most > 0 {
			sql = fmt.Sprintf("SELECT 1, COUNT(*) AS n FROM (SELECT 1 FROM %s t WHERE %s AND %s LIMIT %d) l", t.name, ofParent, where, most)
		}
	case !ok:
		return nil, fmt.Errorf("%s has no list by %s", t.name, of.Type)
	case most > 0:
		sql = fmt.Sprintf("SELECT k.ord, (SELECT COUNT(*) FROM (SELECT 1 FROM %s t WHERE t.customer_id = k.customer_id%s AND %s LIMIT %d) l) AS n FROM %s",
			t.name, linked(link, "k.id"), where, most, r.store.dialect.keyList(c, of.Keys))
	default:
		sql = fmt.Sprintf("SELECT k.ord, COUNT(*) AS n FROM %s JOIN %s t ON t.customer_id = k.customer_id%s WHERE %s GROUP BY k.ord",
			r.store.dialect.keyList(c, of.Keys), t.name, linked(link, "k.id"), where)
	}
	if c.err != nil {
		return nil, c.err
	}
	return cached(r, c, sql, func() ([]int64, error) {
		leave, err := r.admit(ctx, PriceOf(f))
		if err != nil {
			return nil, err
		}
		defer leave()
		return counts, r.statement(ctx, sql, c.args, func(rows driver.Rows) error {
			return eachRow(ctx, rows, func(row []driver.Value) error {
				var ordinal int64
				if err := setInt64(&ordinal, row[0]); err != nil {
					return err
				}
				return setInt64(&counts[ordinal-1], row[1])
			})
		})
	})
}

// negated is a filter that may be the opposite of another.
type negated interface{ opposite() (Filter, bool) }

// oppositeOf returns the filter that matches all rows but those of f, if these are counted faster: a condition on rated
// usages is then a set of keys, with which all rows would be compared for its opposite.
func oppositeOf(f Filter) (Filter, bool) {
	if n, ok := f.(negated); ok {
		return n.opposite()
	}
	return nil, false
}
