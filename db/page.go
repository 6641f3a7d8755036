package db

// The default and the maximum page size.
const (
	DefaultPage = 50
	MaxPage     = 1000
)

// Page selects a part of a list: the first Limit rows after a cursor and before another, or the last Limit rows if
// Backward is set.
type Page struct {
	Limit    int
	Backward bool
	// CountOnly reads no rows: the page is only for the length of the list.
	CountOnly bool
	// After and Before are cursors. An empty cursor is no bound.
	After, Before string
	// Offset is the number of rows to skip, for the REST endpoints that page by offset. Skipping reads all skipped
	// entries of an index, except in a snapshot, if the previous page was read at the same revision.
	Offset int64
}

// NewPage returns a Page for the four arguments of a Relay connection; nil is an argument that is not given. It returns
// a BadInput or BadCursor error that names the argument.
func NewPage(first *int32, after *string, last *int32, before *string) (Page, error) {
	p := Page{Limit: DefaultPage}
	name, n := "first", first
	if last != nil {
		if first != nil {
			return p, Errorf(BadInput, "first and last: use only one of them")
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
			return p, Errorf(BadCursor, "%s: empty cursor: omit the argument or use a cursor from a response", argument)
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

// total returns the length of the whole list if n rows, of at most limit, show it; otherwise nil.
func (p Page) total(n, limit int) *int64 {
	if p.After != "" || p.Before != "" || n >= limit || n == 0 && p.Offset > 0 {
		return nil
	}
	return new(p.Offset + int64(n))
}

// checkCursors returns a BadCursor error for a cursor that does not have the signature and the columns of the keys.
func (p Page) checkCursors(sign string, keys []sortKey) error {
	for _, end := range [...]struct{ argument, cursor string }{{"after", p.After}, {"before", p.Before}} {
		if end.cursor == "" {
			continue
		}
		if _, err := decodeCursor(end.argument, end.cursor, sign, sortColumns(keys)); err != nil {
			return err
		}
	}
	return nil
}

// Connection holds a page of one parent's list.
type Connection[T any] struct {
	Nodes []*T
	// HasNextPage and HasPreviousPage are read only if the projection has WithPageInfo.
	HasNextPage     bool `db:"has_next_page"`
	HasPreviousPage bool `db:"has_previous_page"`
	index           int
	// listing makes cursors only if the projection has WithCursors.
	listing *listing[T] `db:"cursor"`
	counter *counter
	// total is the length of the whole list if the page shows it, otherwise nil.
	total *int64
}

// listing holds the values that the connections of one call of list share.
type listing[T any] struct {
	cursor func(*T) string
}

// Edge is a node of a page with its cursor.
type Edge[T any] struct {
	Node    *T
	listing *listing[T]
}

// PageInfo describes the position of a page in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Cursor returns the node's position in the list, for Page.After and Page.Before.
func (e *Edge[T]) Cursor() string { return e.listing.cursor(e.Node) }

// Edges returns the nodes with their cursors.
func (c *Connection[T]) Edges() []*Edge[T] {
	edges := make([]*Edge[T], len(c.Nodes))
	for i, n := range c.Nodes {
		edges[i] = &Edge[T]{n, c.listing}
	}
	return edges
}

// PageInfo returns the position of the page. It needs a projection with cursors.
func (c *Connection[T]) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.HasNextPage, HasPreviousPage: c.HasPreviousPage}
	if n := len(c.Nodes); n > 0 {
		start, end := c.listing.cursor(c.Nodes[0]), c.listing.cursor(c.Nodes[n-1])
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}
