package db

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// rowsOf returns a relation v of a list of structs, whose columns are named by db tags: whole numbers, text, times and
// booleans. The number of arguments does not depend on that of rows.
func rowsOf[T any](c *compiler, list []T) string {
	row := reflect.TypeFor[T]()
	var columns []typedColumn
	var paths [][]int
	for _, field := range reflect.VisibleFields(row) {
		if name := field.Tag.Get("db"); name != "" {
			columns, paths = append(columns, typedColumn{name, kindOf(field.Type)}), append(paths, field.Index)
		}
	}
	value := func(row, column int) reflect.Value {
		return reflect.ValueOf(&list[row]).Elem().FieldByIndex(paths[column])
	}
	return c.dialect.rows(c, columns, len(list), value)
}

// jsonOf returns rows as a JSON array of objects.
func jsonOf(columns []typedColumn, rows int, value func(row, column int) reflect.Value) string {
	text := []byte{'['}
	for row := range rows {
		text = separated(text, row, rows)
		for i, column := range columns {
			text = append(text, "{,"[min(i, 1)], '"')
			text = append(append(text, column.name...), '"', ':')
			text = appendJSON(text, value(row, i))
		}
		text = append(text, '}')
	}
	return string(append(text, ']'))
}

// separated appends the comma before the text of a row, but for the first. The text of that tells how much all take.
func separated(text []byte, row, rows int) []byte {
	switch row {
	case 0:
		return text
	case 1:
		text = slices.Grow(text, rows*(len(text)+16))
	}
	return append(text, ',')
}

// arrayOf returns a column of rows as the text of an array of PostgreSQL.
func arrayOf(column, rows int, value func(row, column int) reflect.Value) string {
	text := []byte{'{'}
	for row := range rows {
		text = separated(text, row, rows)
		text = appendElement(text, value(row, column))
	}
	return string(append(text, '}'))
}

// updateRows updates the rows of a table that satisfy a condition on t: the columns of T itself are stored, those of its
// embedded key find the row.
func updateRows[T any](ctx context.Context, tx *Tx, table, condition string, list []T) error {
	r := newRelation[T](table)
	var set, where []string
	for i, column := range r.columns { // those of the key come last
		if len(r.paths[i]) > 1 {
			where = append(where, "t."+column+" = {"+column+"}")
		} else {
			set = append(set, column+" = {"+column+"}")
		}
	}
	sql := "UPDATE " + table + " AS t SET " + strings.Join(set, ", ") + "%s WHERE " + strings.Join(append(where, condition), " AND ")
	name := regexp.MustCompile(`{(\w+)}`)
	if !tx.store.dialect.updatesEach {
		c := tx.compiler()
		relation := " FROM " + rowsOf(c, list)
		return tx.exec(ctx, fmt.Sprintf(name.ReplaceAllString(sql, "v.$1"), relation), c.args...)
	}
	stmt, err := tx.tx.PrepareContext(ctx, fmt.Sprintf(name.ReplaceAllString(sql, "?"), ""))
	if err != nil {
		return fmt.Errorf("update %s: %w", table, err)
	}
	defer stmt.Close()
	for i := range list {
		if _, err := stmt.ExecContext(ctx, r.values(&list[i])...); err != nil {
			return fmt.Errorf("update %s: %w", table, err)
		}
	}
	return nil
}

// appendJSON appends the value of a column, of one of the kinds that kindOf knows.
func appendJSON(text []byte, value reflect.Value) []byte {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return append(text, "null"...)
		}
		value = value.Elem()
	}
	switch value.Kind() {
	case reflect.Int32, reflect.Int64:
		return strconv.AppendInt(text, value.Int(), 10)
	case reflect.Bool:
		return strconv.AppendBool(text, value.Bool())
	case reflect.String:
		// Text that is no UTF-8 is refused before it comes here.
		text, _ = jsontext.AppendQuote(text, value.String())
		return text
	}
	t := value.Addr().Interface().(*Time)
	return append(t.appendText(append(text, '"')), '"')
}

// escapedElement escapes text in an array of PostgreSQL.
var escapedElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// appendElement appends the value of a column as an element of an array of PostgreSQL.
func appendElement(text []byte, value reflect.Value) []byte {
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return append(text, "NULL"...)
		}
		value = value.Elem()
	}
	if value.Kind() == reflect.String {
		return append(append(append(text, '"'), escapedElement.Replace(value.String())...), '"')
	}
	return appendJSON(text, value)
}

func kindOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[Time]():
		return "time"
	case t.Kind() == reflect.Int64 || t.Kind() == reflect.Int32:
		return "long"
	case t.Kind() == reflect.Bool:
		return "boolean"
	case t.Kind() == reflect.String:
		return "text"
	}
	panic(fmt.Sprintf("no column of a relation: %s", t))
}
