package conn

import (
	"context"
	"database/sql/driver"
	"reflect"
)

// isDirect reports whether a connection leads to PostgreSQL itself. Behind a pooler in transaction mode each transaction
// may have another server connection, where a prepared statement is missing or belongs to another client. A server sends
// its process id, a pooler sends an invented one. lib/pq keeps that id in a private field; without the field no connection
// counts as direct.
func isDirect(ctx context.Context, conn driver.QueryerContext) bool {
	sent := reflect.Indirect(reflect.ValueOf(conn)).FieldByName("pid")
	if !sent.IsValid() || !sent.CanInt() {
		return false
	}
	rows, err := conn.QueryContext(ctx, "SELECT pg_backend_pid()", nil)
	if err != nil {
		return false
	}
	defer rows.Close()
	process := make([]driver.Value, 1)
	return rows.Next(process) == nil && process[0] == sent.Int()
}
