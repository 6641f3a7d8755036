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
	switch p := field.Addr().Interface().(type) {
	case *string:
		return *p
	case **string:
		return orNull(*p, func(s string) any { return s })
	case *int64:
		return *p
	case **int64:
		return orNull(*p, func(n int64) any { return n })
	case **decimal.Decimal:
		return orNull(*p, func(d decimal.Decimal) any { return d.String() })
	case *Time:
		return p.text()
	case **Time:
		return orNull(*p, func(t Time) any { return t.text() })
	case *JSON:
		if *p == nil {
			return nil
		}
		return string(*p)
	}
	if field.Kind() == reflect.Pointer {
		if field.IsNil() {
			return nil
		}
		field = field.Elem()
	}
	switch field.Kind() {
	case reflect.String:
		return field.String()
	case reflect.Int32:
		return field.Int()
	case reflect.Bool:
		return field.Bool()
	}
	return plain(field.Interface())
}

func orNull[T any](p *T, text func(T) any) any {
	if p == nil {
		return nil
	}
	return text(*p)
}
