package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"usagegraph/db/conn"
)

// Explained returns a store of the same database whose transactions explain each statement before they run it: show
// gets the text of the statement and the lines of its plan. INSERT and COPY statements are not explained.
func (s *Store) Explained(t testing.TB, url string, show func(sql string, plan []string)) *Store {
	t.Helper()
	var inner driver.Connector = conn.SQLiteConnector(s.pools.Write.Driver(), url+"?_pragma=busy_timeout(10000)&_txlock=immediate", false)
	explain := "EXPLAIN QUERY PLAN "
	if s.dialect == postgresDialect {
		pg, err := conn.PostgresConnector(url+"&binary_parameters=yes", false)
		if err != nil {
			t.Fatal(err)
		}
		inner, explain = pg, "EXPLAIN "
	}
	other := *s
	pools := *s.pools
	other.pools = &pools
	pools.Write = sqlx.NewDb(sql.OpenDB(explaining{inner, explain, show}), s.dialect.name)
	t.Cleanup(func() { pools.Write.Close() })
	return &other
}

// explaining is a connector whose connections explain each statement before they run it.
type explaining struct {
	driver.Connector
	explain string
	show    func(sql string, plan []string)
}

func (e explaining) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := e.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return explainingConn{conn.(connection), e}, nil
}

// connection has the methods that a test's transactions call.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type explainingConn struct {
	connection
	by explaining
}

func (c explainingConn) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.plan(ctx, sql, args); err != nil {
		return nil, err
	}
	return c.connection.QueryContext(ctx, sql, args)
}

func (c explainingConn) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.plan(ctx, sql, args); err != nil {
		return nil, err
	}
	return c.connection.ExecContext(ctx, sql, args)
}

// PrepareContext explains a statement with null arguments.
func (c explainingConn) PrepareContext(ctx context.Context, sql string) (driver.Stmt, error) {
	if !strings.HasPrefix(sql, "INSERT") && !strings.HasPrefix(sql, "COPY") {
		args := make([]driver.NamedValue, strings.Count(sql, "?"))
		for i := range args {
			args[i].Ordinal = i + 1
		}
		if err := c.plan(ctx, sql, args); err != nil {
			return nil, err
		}
	}
	return c.connection.PrepareContext(ctx, sql)
}

func (c explainingConn) plan(ctx context.Context, sql string, args []driver.NamedValue) error {
	if len(args) == 0 { // SET, or the revision
		return nil
	}
	rows, err := c.connection.QueryContext(ctx, c.by.explain+sql, args)
	if err != nil {
		return fmt.Errorf("explain %s: %w", sql, err)
	}
	defer rows.Close()
	var plan []string
	values := make([]driver.Value, len(rows.Columns()))
	for {
		if err := rows.Next(values); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		plan = append(plan, fmt.Sprint(values[len(values)-1]))
	}
	c.by.show(sql, plan)
	return nil
}
