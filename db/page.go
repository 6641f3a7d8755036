package db

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"sync"

	"github.com/govalues/decimal"
)

// Page sizes: what is given when nothing is asked, and the most that may be asked.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// Page is a part of a list: the first or the last so many, between two cursors.
type Page struct {
	Limit    int
	Backward bool
	// After and Before are cursors; empty is none.
	After, Before string
	// Offset is how many to pass over, for the endpoints that page so: passing over costs what reading an index
	// does, except in a snapshot where the page before was read since the last write.
	Offset int64
}

// NewPage reads Relay's four arguments; nil is not given. It returns a BadInput error that names the argument.
func NewPage(first *int32, after *string, last *int32, before *string) (Page, error) {
	p := Page{Limit: DefaultPage}
	name, n := "first", first
	if last != nil {
		if first != nil {
			return p, Errorf(BadInput, "first and last: give one of them")
		}
		name, n, p.Backward = "last", last, true
	}
	if n != nil {
		if *n < 1 || *n > MaxPage {
			return p, Errorf(BadInput, "%s: want 1 to %d, not %d", name, MaxPage, *n)
		}
		p.Limit = int(*n)
	}
	for argument, cursor := range map[string]*string{"after": after, "before": before} {
		if cursor != nil && *cursor == "" {
			return p, Errorf(BadCursor, "%s: an empty cursor: leave the argument out, or give a cursor of an earlier answer", argument)
		}
	}
	if after != nil {
		p.After = *after
	}
	if before != nil {
		p.Before = *before
	}
	return p, nil
}

// Connection is a page of one parent's list.
type Connection[T any] struct {
	Nodes []*T
	// Whether there is more on the side that the page ends at is read only where somebody looks at it (Reading).
	HasNextPage     bool `db:"has_next_page"`
	HasPreviousPage bool `db:"has_previous_page"`
	index           int
	// So are the values that cursors are made of.
	listing *listing[T] `db:"cursor"`
}

// listing is what the connections of one call of list have in common.
type listing[T any] struct {
	cursor func(*T) string
	count  func(context.Context) ([]int64, error)
	once   sync.Once
	counts []int64
	err    error
}

// Edge is a node of a page and its cursor.
type Edge[T any] struct {
	Node    *T
	listing *listing[T]
}

// PageInfo is where a page stands in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Cursor returns where the node stands, for Page.After and Page.Before.
func (e *Edge[T]) Cursor() string { return e.listing.cursor(e.Node) }

// Edges returns the nodes with their cursors.
func (c *Connection[T]) Edges() []*Edge[T] {
	edges := make([]*Edge[T], len(c.Nodes))
	for i, n := range c.Nodes {
		edges[i] = &Edge[T]{n, c.listing}
	}
	return edges
}

// PageInfo returns where the page stands.
func (c *Connection[T]) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.HasNextPage, HasPreviousPage: c.HasPreviousPage}
	if n := len(c.Nodes); n > 0 {
		start, end := c.listing.cursor(c.Nodes[0]), c.listing.cursor(c.Nodes[n-1])
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}

// TotalCount counts the whole list; the first to ask counts for all parents that were listed together.
func (c *Connection[T]) TotalCount(ctx context.Context) (int64, error) {
	l := c.listing
	l.once.Do(func() { l.counts, l.err = l.count(ctx) })
	if l.err != nil {
		return 0, l.err
	}
	return l.counts[c.index], nil
}

// encodeCursor writes the values that a row has in an order; a value is null, text or a number.
func encodeCursor(order string, values []*string) string {
	text, _ := json.Marshal(append([]*string{&order}, values...))
	return base64.RawURLEncoding.EncodeToString(text)
}

// decodeCursor reads what encodeCursor wrote for the same order and checks each value against its column, so that
// both databases refuse the same. It returns a BadCursor error.
func decodeCursor(argument, cursor, order string, columns []column) ([]any, error) {
	bad := Errorf(BadCursor, "%s: not a cursor of this list in this order: take cursors from its answers, unchanged", argument)
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	var values []*string
	if err != nil || json.Unmarshal(text, &values) != nil || len(values) != len(columns)+1 || values[0] == nil || *values[0] != order {
		return nil, bad
	}
	if encodeCursor(order, values[1:]) != cursor {
		return nil, bad
	}
	out := make([]any, len(columns))
	for i, col := range columns {
		switch v := values[i+1]; {
		case v != nil:
			if out[i], err = col.parse(*v); err != nil || *col.print(out[i]) != *v {
				return nil, bad
			}
		case !col.nullable:
			return nil, bad
		}
	}
	return out, nil
}

// signature names a table and an order in a few characters.
func signature(table string, order []sortKey) string {
	h := fnv.New32a()
	fmt.Fprint(h, table, " ", order)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// columnKind is how a column's values are written in a cursor.
type columnKind int

const (
	textColumn columnKind = iota
	longColumn
	decimalColumn
	timeColumn
)

// column is a column that a list can be ordered by.
type column struct {
	name     string
	kind     columnKind
	nullable bool
	// expression is what is ordered by instead, with {t} for the table's alias; such an order has no cursors.
	expression string
}

// of writes the column, or its expression, for a table's alias with its dot.
func (c column) of(d *dialect, t string) string {
	switch {
	case c.expression == "":
		return t + c.name
	case c.kind == decimalColumn:
		return d.decimal(strings.ReplaceAll(c.expression, "{t}", t))
	}
	return strings.ReplaceAll(c.expression, "{t}", t)
}

func (c column) parse(s string) (any, error) {
	switch c.kind {
	case longColumn:
		return strconv.ParseInt(s, 10, 64)
	case decimalColumn:
		return ParseDecimal(s)
	case timeColumn:
		return ParseTime(s)
	}
	return s, checkText(s)
}

// print is the reverse of parse; nil is null.
func (c column) print(v any) *string {
	var s string
	switch v := v.(type) {
	case nil:
		return nil
	case int64:
		s = strconv.FormatInt(v, 10)
	case decimal.Decimal:
		s = v.String()
	case Time:
		s = v.Format(timeForm)
	default:
		s = fmt.Sprint(v)
	}
	return &s
}
