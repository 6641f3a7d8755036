package db

import "sync/atomic"

// A page of one record's list that nothing narrows is asked for by the same statement time and again. The last one of
// each list is kept with what is looked at.

// statementKey is what such a statement depends on besides.
type statementKey struct {
	dialect  *dialect
	of       NodeType
	parent   bool
	index    *nameIndex
	limit    int
	backward bool
}

// statementKeyOf returns the statementKey of a statement for a list, and for the record that is read with it.
func statementKeyOf(r *Reader, of Parents, parent *Parent, limit int, backward bool) statementKey {
	s := statementKey{dialect: r.store.dialect, of: of.Type, limit: limit, backward: backward}
	if parent != nil {
		s.parent, s.index = true, parent.index
	}
	return s
}

// ready returns the statement for such a page of a record's list as compose puts it together, for a reader whom no scope
// narrows either.
func (t *table[T, K]) cachedStatement(p *projection, s statementKey, key Key, parent *Parent, compose func() (*compiler, string, error)) (*compiler, string, error) {
	type statement struct {
		statementKey
		sql string
	}
	type list struct {
		of     *table[T, K]
		parent NodeType
		with   bool
	}
	last := derive(p, list{t, s.of, s.parent}, func() *atomic.Pointer[statement] { return &atomic.Pointer[statement]{} })
	if kept := last.Load(); kept != nil && kept.statementKey == s {
		return &compiler{dialect: s.dialect, args: t.statementArgs(s.of, key, parent)}, kept.sql, nil
	}
	c, sql, err := compose()
	if err == nil {
		last.Store(&statement{s, sql})
	}
	return c, sql, err
}

// arguments are those of such a statement: of the record that is read with the list, or of the list's parent.
func (t *table[T, K]) statementArgs(of NodeType, key Key, parent *Parent) []any {
	switch {
	case parent != nil:
		return parent.args()
	case t.parents[of] == "":
		return []any{key.CustomerID}
	}
	return []any{key.CustomerID, key.ID}
}
