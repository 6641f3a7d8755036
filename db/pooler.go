package db

import (
	"context"
	"database/sql/driver"
	"reflect"
)

// direct tells whether a connection leads to PostgreSQL itself and not to a pooler, which may hand each transaction
// another connection: a prepared statement would then be another client's of the same name, or none. A server tells a
// client the number of its process, by which to cancel; a pooler makes numbers up. The driver keeps the number to
// itself; should it be there no more, no connection is direct.
func direct(ctx context.Context, conn driver.QueryerContext) bool {
	told := reflect.Indirect(reflect.ValueOf(conn)).FieldByName("pid")
	if !told.IsValid() || !told.CanInt() {
		return false
	}
	rows, err := conn.QueryContext(ctx, "SELECT pg_backend_pid()", nil)
	if err != nil {
		return false
	}
	defer rows.Close()
	process := make([]driver.Value, 1)
	return rows.Next(process) == nil && process[0] == told.Int()
}
