package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"
)

// queryer runs a query and appends its rows to dest, a pointer to a slice of pointers to structs with db tags. sqlx.Tx
// and unscoped implement it.
type queryer interface {
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// unscoped is a queryer that reads the rows of all customers. The holder of a number depends on the records of all
// customers; the scope applies to the subscription or report that is read afterwards.
type unscoped struct{ *Reader }

// SelectContext implements queryer.
func (u unscoped) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	list := reflect.ValueOf(dest).Elem()
	row := list.Type().Elem().Elem()
	return u.statement(ctx, query, args, func(rows driver.Rows) error {
		columns := rows.Columns()
		targets := make([]target, len(columns))
		for i, path := range mapper.TraversalsByName(row, columns) {
			targets[i] = newTarget(row, columns[i], path)
		}
		return eachRow(ctx, rows, func(values []driver.Value) error {
			found := reflect.New(row)
			list.Set(reflect.Append(list, found))
			return scan(found.UnsafePointer(), targets, values)
		})
	})
}

// count returns the number of rows of a table or subquery as a list of one length. It stops at most rows; 0 counts all.
func (u unscoped) count(ctx context.Context, from string, most int64) ([]int64, error) {
	query := "SELECT COUNT(*) AS n FROM " + from + " t"
	if most > 0 {
		query = fmt.Sprintf("SELECT COUNT(*) AS n FROM (SELECT 1 FROM %s t LIMIT %d) l", from, most)
	}
	var counted []*struct {
		N int64 `db:"n"`
	}
	if err := u.SelectContext(ctx, &counted, query); err != nil {
		return nil, err
	}
	return []int64{counted[0].N}, nil
}
