package db

import (
	"iter"
	"reflect"
	"slices"

	"github.com/govalues/decimal"

	"usagegraph/db/conn"
)

// relation maps the fields of a row type to the columns of a table.
type relation[T any] struct {
	name    string
	columns []string
	// paths holds the field path of each column. keys and derived hold the indexes of the key columns and of the
	// derived columns.
	paths   [][]int
	keys    []int
	derived []int
}

// keyColumns identify a row, its owner and its parent, or are known only after the comparison with the stored version.
var keyColumns = []string{"customer_id", "id", "subscription_id", "usage_id", "summary_id", "report_id", "bucket_id", "attribution", "unattributed", "scoped", "imported_by"}

// derivedColumns are computed from other columns by the rules that read a document. They are not part of a record's
// content.
var derivedColumns = []string{"attribution", "unattributed", "scoped", "imported_by", "own_id", "source_subscription_id", "subscription_name", "subscription_text", "number_name", "card_name",
	"month_start", "month_end", "customer_name", "contested_customers", "last_update", "business_id", "effective_text", "id_hash", "used_percent", "overage", "shared_id", "destination_country"}

func newRelation[T any](name string) relation[T] {
	row := reflect.TypeFor[T]()
	r := relation[T]{name: name, columns: columnsOf(row)}
	r.paths = mapper.TraversalsByName(row, r.columns)
	for i, column := range r.columns {
		if slices.Contains(keyColumns, column) {
			r.keys = append(r.keys, i)
		}
		// source_subscription_id is content in a table where own_id is derived from it.
		original := column == "source_subscription_id" && slices.Contains(r.columns, "own_id")
		if slices.Contains(derivedColumns, column) && !original {
			r.derived = append(r.derived, i)
		}
	}
	return r
}

// values returns the column values of a row as nil, int64, bool or string. The driver stores these without converting
// them.
func (r *relation[T]) values(row *T) []any {
	v := reflect.ValueOf(row).Elem()
	out := make([]any, len(r.paths), len(r.paths)+1) // insertPrepared appends the digest
	for i, path := range r.paths {
		field := v.Field(path[0])
		if len(path) > 1 {
			field = field.FieldByIndex(path[1:])
		}
		out[i] = stored(field)
	}
	return out
}

// rekey updates the key columns in the values of a row.
func (r *relation[T]) rekey(values []any, row *T) {
	v := reflect.ValueOf(row).Elem()
	for _, i := range r.keys {
		values[i] = stored(v.FieldByIndex(r.paths[i]))
	}
}

// stored returns the column value of a field.
func stored(field reflect.Value) any {
	switch field.Kind() {
	case reflect.Pointer:
		if field.IsNil() {
			return nil
		}
		// These are the types of most columns; others take the slower path below.
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

// withValues returns the columns that have a value in any row, and the rows reduced to them. A row is reused for the
// next one.
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
