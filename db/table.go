package db

import (
	"reflect"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx/reflectx"
)

// mapper finds a struct's columns by their db tags.
var mapper = reflectx.NewMapper("db")

// columnsOf returns the columns of a struct, in the order of its fields. An Origin is another table's.
func columnsOf(t reflect.Type) []string {
	var names []string
	for _, field := range mapper.TypeMap(t).Index {
		if field.Field.Tag.Get("db") != "" && !strings.Contains(field.Path, ".") && field.Field.Type != reflect.TypeFor[Origin]() {
			names = append(names, field.Name)
		}
	}
	return names
}

// OrderDirection is which way a list is ordered.
type OrderDirection string

// The directions of an order.
const (
	Ascending  OrderDirection = "ASC"
	Descending OrderDirection = "DESC"
)

// order is one key of an order, as a caller gives it.
type order[K ~string] interface{ key() (K, OrderDirection) }

// sortKey is one key of an order, as SQL has it.
type sortKey struct {
	column
	descending bool
}

// table is how the rows of one type are stored.
type table[T any, K ~string] struct {
	relation[T]
	id string
	// parents are the types whose lists it stands in, each with the column that holds the parent's id; children of a
	// customer need none but customer_id.
	parents map[NodeType]string
	// orders are the columns that it can be ordered by.
	orders map[K]column
	// standard is its order where none is asked for, the id in it.
	standard []sortKey
	idColumn sortKey
	// few are its children of which a row has few.
	few []childJoin[T]
}

func newTable[T any, K ~string, O order[K]](name, id string, parents map[NodeType]string, orders map[K]column, standard ...O) *table[T, K] {
	t := &table[T, K]{relation: newRelation[T](name), id: id, parents: parents, orders: orders}
	t.idColumn = sortKey{column: column{name: id, kind: longColumn}}
	for _, o := range standard {
		field, direction := o.key()
		t.standard = append(t.standard, sortKey{orders[field], direction == Descending})
	}
	if !slices.ContainsFunc(t.standard, func(k sortKey) bool { return k.name == id }) {
		t.standard = append(t.standard, t.idColumn)
	}
	return t
}

// with returns the table with the children of which a row has few.
func (t *table[T, K]) with(few ...childJoin[T]) *table[T, K] {
	t.few = few
	return t
}

// parentTables are the tables of the types that have children, with the column of their id.
var parentTables = map[NodeType][2]string{
	TypeCustomer:          {"customers", "customer_id"},
	TypeSubscription:      {"subscriptions", "id"},
	TypeUsageRecord:       {"usage_records", "id"},
	TypeUsageSummary:      {"usage_summaries", "id"},
	TypeBucket:            {"buckets", "id"},
	TypeConsumptionReport: {"consumption_reports", "id"},
}

// value returns a row's value in one column, as a cursor has it: nil, or int64, Decimal, Time or text.
func (t *table[T, K]) value(row *T, name string) any {
	// Not the mapper's FieldByName, which makes zeros of nil pointers.
	field := reflect.ValueOf(row).Elem().FieldByIndex(t.paths[slices.Index(t.columns, name)])
	if field.Kind() == reflect.Pointer {
		if field.IsNil() {
			return nil
		}
		field = field.Elem()
	}
	return field.Interface()
}

// sortKeys returns an order as SQL has it: the keys asked for, else the standard ones, and the id. It returns a BadInput
// error, and a Forbidden one for values that the scope hides.
func sortKeys[T any, K ~string, O order[K]](s Scope, t *table[T, K], orderBy []*O) ([]sortKey, error) {
	if len(orderBy) == 0 {
		return t.standard, nil
	}
	var keys []sortKey
	seen := map[string]bool{}
	for _, o := range orderBy {
		field, direction := (*o).key()
		col, ok := t.orders[field]
		if !ok || seen[col.name+col.expression] {
			return nil, Errorf(BadInput, "orderBy: %s stands there twice, or is no field of this order", field)
		}
		if costColumns[col.name] && !s.cost {
			return nil, errCostHidden
		}
		seen[col.name+col.expression] = true
		keys = append(keys, sortKey{col, direction == Descending})
	}
	if seen[t.id] {
		return keys, nil
	}
	id := t.idColumn
	id.descending = keys[len(keys)-1].descending
	return append(keys, id), nil
}

// inStandard tells whether an order is the table's own.
func (t *table[T, K]) inStandard(order []sortKey) bool {
	return len(order) == len(t.standard) && &order[0] == &t.standard[0]
}
