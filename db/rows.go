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

// rowsOf returns a relation v with the rows of a list of structs. db tags name the columns; their types are integers,
// text, times and booleans. The number of arguments does not depend on the number of rows.
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

// separated appends a comma before each row but the first. After the first row it grows the text to the estimated
// length of all rows.
func separated(text []byte, row, rows int) []byte {
	switch row {
	case 0:
		return text
	case 1:
		text = slices.Grow(text, rows*(len(text)+16))
	}
	return append(text, ',')
}

// arrayOf returns a column of rows in PostgreSQL's array syntax.
func arrayOf(column, rows int, value func(row, column int) reflect.Value) string {
	text := []byte{'{'}
	for row := range rows {
		text = separated(text, row, rows)
		text = appendElement(text, value(row, column))
	}
	return string(append(text, '}'))
}

// updateRows updates rows of a table that satisfy a condition on t. The direct fields of T are the columns to set; the
// fields of its embedded key select the row.
func updateRows[T any](ctx context.Context, tx *Tx, table, condition string, list []T) error {
	r := newRelation[T](table)
	var set, where []string
	for i, column := range r.columns { // the key's columns come last
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

// appendJSON appends a column value of one of the kinds of kindOf as JSON.
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
		// Invalid UTF-8 is rejected before.
		text, _ = jsontext.AppendQuote(text, value.String())
		return text
	}
	t := value.Addr().Interface().(*Time)
	return append(t.appendText(append(text, '"')), '"')
}

// escapedElement escapes text for PostgreSQL's array syntax.
var escapedElement = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// appendElement appends a column value as an element in PostgreSQL's array syntax.
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
	panic(fmt.Sprintf("db: a relation has no column type for %s", t))
}
