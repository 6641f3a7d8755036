package db

import "sync/atomic"

// A page of one record's list that nothing narrows is asked for by the same statement time and again. The last one of
// each list is kept with what is looked at.

// shape is what such a statement depends on besides.
type shape struct {
	dialect  *dialect
	of       NodeType
	parent   bool
	limit    int
	backward bool
}

// ready returns the statement for such a page of a record's list as compose puts it together, for a reader whom no scope
// narrows either.
func (t *table[T, K]) ready(l *looking, s shape, key Key, compose func() (*compiler, string, error)) (*compiler, string, error) {
	type statement struct {
		shape
		sql string
	}
	type list struct {
		of     *table[T, K]
		parent NodeType
		with   bool
	}
	last := once(l, list{t, s.of, s.parent}, func() *atomic.Pointer[statement] { return &atomic.Pointer[statement]{} })
	if kept := last.Load(); kept != nil && kept.shape == s {
		return &compiler{dialect: s.dialect, args: t.arguments(s, key)}, kept.sql, nil
	}
	c, sql, err := compose()
	if err == nil {
		last.Store(&statement{s, sql})
	}
	return c, sql, err
}

// arguments are those of a statement of a shape, for a record: of its list, and of itself.
func (t *table[T, K]) arguments(s shape, key Key) []any {
	args := make([]any, 0, 4)
	if args = append(args, key.CustomerID); t.parents[s.of] != "" {
		args = append(args, key.ID)
	}
	if s.parent {
		args = append(args, key.CustomerID, key.ID)
	}
	return args
}
