package db

import (
	"reflect"

	"github.com/govalues/decimal"
)

// valuesAt returns what is stored of the fields of a row at some paths, as plain values: nil, int64, bool or string.
// That is what a driver would make of them, without its asking each value what it is.
func valuesAt[T any](row *T, paths [][]int) []any {
	v := reflect.ValueOf(row).Elem()
	out := make([]any, len(paths), len(paths)+1) // a record's digest comes last
	for i, path := range paths {
		out[i] = stored(v.FieldByIndex(path))
	}
	return out
}

// stored returns what is stored of a field of a row.
func stored(field reflect.Value) any {
	switch field.Kind() {
	case reflect.Pointer:
		if field.IsNil() {
			return nil
		}
		// Those of most columns; the rest goes the longer way.
		switch p := field.Interface().(type) {
		case *string:
			return *p
		case *int64:
			return *p
		case *decimal.Decimal:
			return p.String()
		}
		return stored(field.Elem())
	case reflect.String:
		return field.String()
	case reflect.Int32, reflect.Int64:
		return field.Int()
	case reflect.Bool:
		return field.Bool()
	case reflect.Slice:
		if field.IsNil() {
			return nil
		}
	}
	return plain(field.Interface())
}
