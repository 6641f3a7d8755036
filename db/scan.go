package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"
	"unsafe"

	"github.com/govalues/decimal"
)

// scanRows reads the rows of a query into new values of T. If ordinal is not nil, the first column of each row is
// stored there.
func scanRows[T any](ctx context.Context, rows driver.Rows, ordinal *int64, fields *fields[T], found func(*T)) error {
	made := &rowAllocator[T]{}
	return eachRow(ctx, rows, func(values []driver.Value) error {
		if ordinal != nil {
			if err := setInt64(ordinal, values[0]); err != nil {
				return err
			}
			values = values[1:]
		}
		row := made.next()
		if err := scan(unsafe.Pointer(row), fields.targets, values); err != nil {
			return err
		}
		found(row)
		return nil
	})
}

// eachRow calls read with each row. The values are valid until read returns.
func eachRow(ctx context.Context, rows driver.Rows, read func([]driver.Value) error) error {
	values := make([]driver.Value, len(rows.Columns()))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch err := rows.Next(values); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		if err := read(values); err != nil {
			return err
		}
	}
}

// scan stores the values of a row in the fields of a struct.
func scan(row unsafe.Pointer, targets []target, values []driver.Value) error {
	for i := range targets {
		t := &targets[i]
		if err := t.set(unsafe.Add(row, t.offset), values[i]); err != nil {
			return fmt.Errorf("column %s: %w", t.column, err)
		}
	}
	return nil
}

// maxAllocatedRows is the maximum number of rows that rowAllocator allocates at once.
const maxAllocatedRows = 64

// rowAllocator allocates row values in chunks of growing size.
type rowAllocator[T any] struct {
	free []T
	size int
}

// next returns a new row value.
func (a *rowAllocator[T]) next() *T {
	if len(a.free) == 0 {
		a.size = min(max(1, 2*a.size), maxAllocatedRows)
		a.free = make([]T, a.size)
	}
	row := &a.free[0]
	a.free = a.free[1:]
	return row
}

// target is the field that a column is stored in. Its offset and setter are computed once, so that reading a row needs
// no reflection.
type target struct {
	column string
	// offset is the offset of the field in the struct, in bytes.
	offset uintptr
	set    func(field unsafe.Pointer, src any) error
}

// newTarget returns the target of a column for the field of a struct at a path through embedded structs.
func newTarget(of reflect.Type, column string, path []int) target {
	t := target{column: column}
	for _, i := range path {
		field := of.Field(i)
		t.offset += field.Offset
		of = field.Type
	}
	t.set = setterOf(of)
	return t
}

// setterOf returns the function that stores a column value in a field of a type.
func setterOf(field reflect.Type) func(unsafe.Pointer, any) error {
	value, nullable := field, field.Kind() == reflect.Pointer
	if nullable {
		value = field.Elem()
	}
	switch {
	case value == reflect.TypeFor[Time]():
		return setter(nullable, func(t *Time, src any) error { return t.Scan(src) })
	case value == reflect.TypeFor[decimal.Decimal]():
		return setter(nullable, func(d *decimal.Decimal, src any) error { return d.Scan(src) })
	case reflect.PointerTo(value).Implements(reflect.TypeFor[sql.Scanner]()):
		return func(p unsafe.Pointer, src any) error {
			return reflect.NewAt(field, p).Interface().(sql.Scanner).Scan(src)
		}
	}
	// Named types are stored by their underlying kind.
	switch value.Kind() {
	case reflect.String:
		return setter(nullable, setString)
	case reflect.Int64:
		return setter(nullable, setInt64)
	case reflect.Int32:
		return setter(nullable, setInt32)
	case reflect.Bool:
		return setter(nullable, setBool)
	}
	return func(unsafe.Pointer, any) error { return fmt.Errorf("a field of type %s cannot be read", field) }
}

// setter returns a function that stores a column value in a field of type V or, if nullable, *V.
func setter[V any](nullable bool, set func(*V, any) error) func(unsafe.Pointer, any) error {
	if !nullable {
		return func(p unsafe.Pointer, src any) error { return set((*V)(p), src) }
	}
	return func(p unsafe.Pointer, src any) error {
		if src == nil {
			*(**V)(p) = nil
			return nil
		}
		value := new(V)
		*(**V)(p) = value
		return set(value, src)
	}
}

func setString(s *string, src any) error {
	switch v := src.(type) {
	case string:
		*s = v
	case []byte:
		*s = string(v)
	default:
		return fmt.Errorf("scan %T as text", src)
	}
	return nil
}

func setInt64(n *int64, src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("scan %T as a whole number", src)
	}
	*n = v
	return nil
}

func setInt32(n *int32, src any) error {
	v, ok := src.(int64)
	if !ok || v != int64(int32(v)) {
		return fmt.Errorf("scan %v as a whole number of 32 bits", src)
	}
	*n = int32(v)
	return nil
}

func setBool(b *bool, src any) error {
	switch v := src.(type) {
	case bool:
		*b = v
	case int64:
		*b = v != 0
	default:
		return fmt.Errorf("scan %T as a boolean", src)
	}
	return nil
}
