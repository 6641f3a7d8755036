package db

import (
	"context"
	"fmt"
	"strings"
)

// decisionList describes the list of one kind of operator data: links, assignments or imports. Only staff may read it.
type decisionList[T any] struct {
	// field is the name of the list in the schema, table the table of the decisions.
	field, table string
	// columns are the columns that are read. key holds the columns of the order, which are the primary key.
	columns string
	key     []column
	// cursor returns the values of the key.
	cursor func(*T) []*string
	// descending turns the order.
	descending bool
}

// ordered returns the query for the decisions that satisfy a condition, or for all if it is empty.
func (l decisionList[T]) ordered(condition string) string {
	return "SELECT " + l.columns + " FROM " + l.table + condition + " ORDER BY " + l.keyNames() + l.direction()
}

// direction returns the direction of a key of one column.
func (l decisionList[T]) direction() string {
	if l.descending {
		return " DESC"
	}
	return ""
}

func (l decisionList[T]) keyNames() string {
	names := make([]string, len(l.key))
	for i, k := range l.key {
		names[i] = k.name
	}
	return strings.Join(names, ", ")
}

// page returns a page of the list, forwards only. It returns a Forbidden error to a reader that is not staff, and
// BadCursor errors.
func (l decisionList[T]) page(ctx context.Context, r *Reader, page Page) (*Connection[T], error) {
	if !r.scope.Staff() {
		return nil, Errorf(Forbidden, "%s: requires a staff client", l.field)
	}
	order := make([]sortKey, len(l.key))
	for i, k := range l.key {
		order[i] = sortKey{k, l.descending}
	}
	sign, condition := signature(l.table, order), ""
	var args []any
	if page.After != "" {
		var err error
		if args, err = decodeCursor("after", page.After, sign, l.key); err != nil {
			return nil, err
		}
		places := make([]string, len(args))
		for i := range args {
			places[i] = fmt.Sprintf("$%d", i+1)
		}
		compare := ") > ("
		if l.descending {
			compare = ") < ("
		}
		condition = " WHERE (" + l.keyNames() + compare + strings.Join(places, ", ") + ")"
	}
	list := &Connection[T]{HasPreviousPage: page.After != "", counter: &counter{count: func(ctx context.Context, most int64) ([]int64, error) { return l.count(ctx, r, most) }}}
	list.listing = &listing[T]{func(node *T) string { return encodeCursor(sign, l.cursor(node)) }}
	if page.CountOnly {
		return list, nil
	}
	var nodes []*T
	if err := (unscoped{r}).SelectContext(ctx, &nodes, fmt.Sprintf("%s LIMIT %d", l.ordered(condition), page.Limit+1), args...); err != nil {
		return nil, fmt.Errorf("list %s: %w", l.field, err)
	}
	list.total, list.HasNextPage = page.total(len(nodes), page.Limit+1), len(nodes) > page.Limit
	list.Nodes = nodes[:min(len(nodes), page.Limit)]
	return list, nil
}

func (l decisionList[T]) count(ctx context.Context, r *Reader, most int64) ([]int64, error) {
	lengths, err := unscoped{r}.count(ctx, l.table, most)
	if err != nil {
		return nil, fmt.Errorf("count %s: %w", l.field, err)
	}
	return lengths, nil
}
