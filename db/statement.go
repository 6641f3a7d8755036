package db

import (
	"context"
	"database/sql/driver"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// mostStatements is how many prepared statements a connection keeps.
const mostStatements = 100

// connection is what both drivers' connections can do.
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

// preparer is a connection that prepares a query when it comes for the second time, and keeps it so until many others
// were asked since. Rows are read to the end before the next query, here as everywhere on a connection.
type preparer struct {
	connection
	// byText holds the prepared queries; nil for those that came but once.
	byText *simplelru.LRU[string, driver.Stmt]
}

func newPreparer(conn connection) *preparer {
	p := &preparer{connection: conn}
	p.byText, _ = simplelru.NewLRU(mostStatements, func(_ string, old driver.Stmt) {
		if old != nil {
			old.Close()
		}
	}) // the size is no bad one
	return p
}

// QueryContext runs a query.
func (p *preparer) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	prepared, again := p.byText.Get(query)
	switch {
	case !again:
		p.byText.Add(query, nil)
		return p.connection.QueryContext(ctx, query, args)
	case prepared == nil:
		var err error
		if prepared, err = p.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		p.byText.Add(query, prepared)
	}
	rows, err := prepared.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		// It may be of tables that are others by now.
		p.byText.Remove(query)
	}
	return rows, err
}

// CheckNamedValue has the driver say what it takes as an argument, where that is not plain already.
func (p *preparer) CheckNamedValue(value *driver.NamedValue) error {
	switch value.Value.(type) {
	case nil, int64, string, bool:
		return nil
	}
	if driver, ok := p.connection.(driver.NamedValueChecker); ok {
		return driver.CheckNamedValue(value)
	}
	return driver.ErrSkip
}
