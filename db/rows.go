package db

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// rowsOf returns a relation v of a list of structs, whose columns are named by db tags: whole numbers, text, times and
// booleans. Any number of rows is one argument.
func rowsOf[T any](c *compiler, list []T) string {
	row := reflect.TypeFor[T]()
	columns := make([]typedColumn, 0, row.NumField())
	paths := make([]int, 0, row.NumField())
	for i := range row.NumField() {
		if name := row.Field(i).Tag.Get("db"); name != "" {
			columns, paths = append(columns, typedColumn{name, kindOf(row.Field(i).Type)}), append(paths, i)
		}
	}
	text := []byte{'['}
	for n := range list {
		if n > 0 {
			text = append(text, ',')
		}
		v := reflect.ValueOf(&list[n]).Elem()
		for i, path := range paths {
			text = append(text, "{,"[min(i, 1)], '"')
			text = append(append(text, columns[i].name...), '"', ':')
			text = appendJSON(text, stored(v.Field(path)))
		}
		text = append(text, '}')
	}
	return c.dialect.rows(c.bind(string(append(text, ']'))), columns)
}

// updateRows updates the rows of a table that satisfy a condition on t: the first so many columns of T find the row, the
// rest are stored.
func updateRows[T any](ctx context.Context, tx *Tx, table, condition string, keys int, list []T) error {
	r := newRelation[T](table)
	var set, where []string
	for i, column := range r.columns {
		if i < keys {
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
		values := r.values(&list[i])
		if _, err := stmt.ExecContext(ctx, append(values[keys:len(values):len(values)], values[:keys]...)...); err != nil {
			return fmt.Errorf("update %s: %w", table, err)
		}
	}
	return nil
}

// appendJSON appends a plain value: nil, a whole number, a boolean or text.
func appendJSON(text []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return strconv.AppendInt(text, v, 10)
	case bool:
		return strconv.AppendBool(text, v)
	case string:
		// Text that is no UTF-8 is refused before it comes here.
		text, _ = jsontext.AppendQuote(text, v)
		return text
	}
	return append(text, "null"...)
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
