package conn

import (
	"context"
	"database/sql/driver"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// maxStatements is the number of prepared statements that a connection keeps.
const maxStatements = 100

// connection has the methods of both drivers' connections.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// cachingConn is a connection that prepares a query at its second use and keeps the most recent statements. The rows of a
// query must be read to the end before the next one, as on every connection.
type cachingConn struct {
	connection
	// byText holds the prepared statements by their queries; nil for a query that was used once.
	byText *simplelru.LRU[string, driver.Stmt]
}

func newCachingConn(conn connection) *cachingConn {
	c := &cachingConn{connection: conn}
	// NewLRU fails only for a size <= 0.
	c.byText, _ = simplelru.NewLRU(maxStatements, func(_ string, old driver.Stmt) {
		if old != nil {
			old.Close()
		}
	})
	return c
}

// QueryContext runs a query.
func (c *cachingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	prepared, again := c.byText.Get(query)
	switch {
	case !again:
		c.byText.Add(query, nil)
		return c.connection.QueryContext(ctx, query, args)
	case prepared == nil:
		var err error
		if prepared, err = c.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		c.byText.Add(query, prepared)
	}
	rows, err := prepared.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		// The tables may have changed since the statement was prepared.
		c.byText.Remove(query)
	}
	return rows, err
}

// CheckNamedValue converts an argument as the driver does, unless it is plain.
func (c *cachingConn) CheckNamedValue(value *driver.NamedValue) error {
	switch value.Value.(type) {
	case nil, int64, string, bool:
		return nil
	}
	if driver, ok := c.connection.(driver.NamedValueChecker); ok {
		return driver.CheckNamedValue(value)
	}
	return driver.ErrSkip
}
