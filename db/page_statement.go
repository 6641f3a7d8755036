package db

import "sync/atomic"

// Reading a page of one record's list without filter, order, cursor, offset and scope condition always needs the same
// statement. The last one for each list is cached with the projection.

// statementKey holds the values that the text of a statement depends on, besides the projection and the list.
type statementKey struct {
	dialect  *dialect
	of       NodeType
	parent   bool
	index    *nameIndex
	limit    int
	backward bool
}

// statementKeyOf returns the key of the statement that reads a list, with its parent if that is not nil.
func statementKeyOf(r *Reader, of Parents, parent *Parent, limit int, backward bool) statementKey {
	s := statementKey{dialect: r.store.dialect, of: of.Type, limit: limit, backward: backward}
	if parent != nil {
		s.parent, s.index = true, parent.index
	}
	return s
}

// cachedStatement returns the cached statement for a page of a list and its arguments. If the last statement has
// another key, it calls compose and caches the result.
func (t *table[T, K]) cachedStatement(p *projection, s statementKey, key Key, parent *Parent, compose func() (*compiler, string, error)) (*compiler, string, error) {
	type statement struct {
		statementKey
		sql string
	}
	type list struct {
		of         *table[T, K]
		parent     NodeType
		withParent bool
	}
	last := derive(p, list{t, s.of, s.parent}, func() *atomic.Pointer[statement] { return &atomic.Pointer[statement]{} })
	if found := last.Load(); found != nil && found.statementKey == s {
		return &compiler{dialect: s.dialect, args: t.statementArgs(s.of, key, parent)}, found.sql, nil
	}
	c, sql, err := compose()
	if err == nil {
		last.Store(&statement{s, sql})
	}
	return c, sql, err
}

// statementArgs returns the arguments of a cached statement: those of the parent that is read with the list, or the key
// of the list's parent.
func (t *table[T, K]) statementArgs(of NodeType, key Key, parent *Parent) []any {
	switch {
	case parent != nil:
		return parent.args()
	case t.parents[of] == "":
		return []any{key.CustomerID}
	}
	return []any{key.CustomerID, key.ID}
}
