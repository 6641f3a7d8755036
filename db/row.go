package db

import (
	"iter"
	"reflect"
	"slices"

	"github.com/govalues/decimal"

	"usagegraph/db/conn"
)

// relation is how the rows of one type stand in their table.
type relation[T any] struct {
	name    string
	columns []string
	// paths are the places of the columns' values in a row; keys and derived are the places of the key columns and of the
	// derived columns among the columns.
	paths   [][]int
	keys    []int
	derived []int
}

// keyColumns are the columns that say which row it is, whose, and what it belongs to.
var keyColumns = []string{"customer_id", "id", "subscription_id", "usage_id", "summary_id", "report_id", "bucket_id", "attribution", "unattributed"}

// derivedColumns follow from the other columns and from the rules by which a document is read. They are not part of the
// content of a record.
var derivedColumns = []string{"attribution", "unattributed", "own_id", "source_subscription_id", "subscription_name", "subscription_text", "number_name", "card_name",
	"month_start", "month_end", "customer_name", "contested_customers", "last_update", "business_id", "effective_text", "id_hash"}

func newRelation[T any](name string) relation[T] {
	row := reflect.TypeFor[T]()
	r := relation[T]{name: name, columns: columnsOf(row)}
	r.paths = mapper.TraversalsByName(row, r.columns)
	for i, column := range r.columns {
		if slices.Contains(keyColumns, column) {
			r.keys = append(r.keys, i)
		}
		// The id as it came is content where another column has what follows from it.
		original := column == "source_subscription_id" && slices.Contains(r.columns, "own_id")
		if slices.Contains(derivedColumns, column) && !original {
			r.derived = append(r.derived, i)
		}
	}
	return r
}

// values returns what is stored of a row, in the order of the columns, as plain values: nil, int64, bool or string. That
// is what a driver would make of them, without its asking each value what it is.
func (r *relation[T]) values(row *T) []any {
	v := reflect.ValueOf(row).Elem()
	out := make([]any, len(r.paths), len(r.paths)+1) // a record's digest comes last
	for i, path := range r.paths {
		field := v.Field(path[0])
		if len(path) > 1 {
			field = field.FieldByIndex(path[1:])
		}
		out[i] = stored(field)
	}
	return out
}

// rekey renews the keys among the values of a row.
func (r *relation[T]) rekey(values []any, row *T) {
	v := reflect.ValueOf(row).Elem()
	for _, i := range r.keys {
		values[i] = stored(v.FieldByIndex(r.paths[i]))
	}
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
		case *Time:
			return p.text()
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
	value := field.Interface()
	if t, ok := value.(Time); ok {
		return t.text()
	}
	return conn.Plain(value)
}

// withValues leaves out the columns in which no row has a value. A row is valid until the next one.
func withValues(columns []string, rows [][]any) ([]string, iter.Seq[[]any]) {
	var at []int
	var names []string
	for i, column := range columns {
		if slices.ContainsFunc(rows, func(row []any) bool { return row[i] != nil }) {
			at, names = append(at, i), append(names, column)
		}
	}
	return names, func(yield func([]any) bool) {
		values := make([]any, len(at))
		for _, row := range rows {
			for to, from := range at {
				values[to] = row[from]
			}
			if !yield(values) {
				return
			}
		}
	}
}
