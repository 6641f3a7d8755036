package db

import (
	"reflect"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx/reflectx"
)

// mapper maps struct fields to columns by their db tags.
var mapper = reflectx.NewMapper("db")

// columnsOf returns the columns of a struct in the order of its fields. It leaves out an Origin, which comes from
// another table.
func columnsOf(t reflect.Type) []string {
	var names []string
	for _, field := range mapper.TypeMap(t).Index {
		if field.Field.Tag.Get("db") != "" && !strings.Contains(field.Path, ".") && field.Field.Type != reflect.TypeFor[Origin]() {
			names = append(names, field.Name)
		}
	}
	return names
}

// OrderDirection is the direction of a sort key.
type OrderDirection string

const (
	Ascending  OrderDirection = "ASC"
	Descending OrderDirection = "DESC"
)

// order is a sort key of a query.
type order[K ~string] interface{ key() (K, OrderDirection) }

// sortKey is a sort key in SQL.
type sortKey struct {
	column
	descending bool
}

// table holds how the rows of a type are stored and listed.
type table[T any, K ~string] struct {
	relation[T]
	id string
	// parents are the types whose lists contain the rows, with the column that holds the parent's id. It is empty for a
	// customer, whose rows have customer_id.
	parents map[NodeType]string
	// orders are the columns and expressions that a list can be ordered by.
	orders map[K]column
	// defaultOrder is the order of a list without orderBy. It includes the id.
	defaultOrder []sortKey
	idColumn     sortKey
	// childJoins are the kinds of children that a page query can read with the rows.
	childJoins []childJoin[T]
}

func newTable[T any, K ~string, O order[K]](name, id string, parents map[NodeType]string, orders map[K]column, defaultOrder ...O) *table[T, K] {
	t := &table[T, K]{relation: newRelation[T](name), id: id, parents: parents, orders: orders}
	t.idColumn = sortKey{column: column{name: id, kind: longColumn}}
	for _, o := range defaultOrder {
		field, direction := o.key()
		t.defaultOrder = append(t.defaultOrder, sortKey{orders[field], direction == Descending})
	}
	if !slices.ContainsFunc(t.defaultOrder, func(k sortKey) bool { return k.name == id }) {
		t.defaultOrder = append(t.defaultOrder, t.idColumn)
	}
	return t
}

// withChildJoins sets the kinds of children that a page query can read with the rows, and returns the table.
func (t *table[T, K]) withChildJoins(joins ...childJoin[T]) *table[T, K] {
	t.childJoins = joins
	return t
}

// parentTables maps each type that has lists to its table and id column.
var parentTables = map[NodeType][2]string{
	TypeCustomer:          {"customers", "customer_id"},
	TypeSubscription:      {"subscriptions", "id"},
	TypeUsageRecord:       {"usage_records", "id"},
	TypeUsageSummary:      {"usage_summaries", "id"},
	TypeBucket:            {"buckets", "id"},
	TypeConsumptionReport: {"consumption_reports", "id"},
}

// value returns the value of a column of a row for a cursor: nil, int64, bool, Decimal, Time or text.
func (t *table[T, K]) value(row *T, name string) any {
	// The mapper's FieldByName would replace nil pointers by pointers to zero values.
	field := reflect.ValueOf(row).Elem().FieldByIndex(t.paths[slices.Index(t.columns, name)])
	if field.Kind() == reflect.Pointer {
		if field.IsNil() {
			return nil
		}
		field = field.Elem()
	}
	return field.Interface()
}

// sortKeys returns the order of a query with the id as its last key, or the default order. It returns a BadInput error
// for a repeated or unknown field, and a Forbidden error for a column that the scope hides.
func sortKeys[T any, K ~string, O order[K]](s Scope, t *table[T, K], orderBy []*O) ([]sortKey, error) {
	if len(orderBy) == 0 {
		return t.defaultOrder, nil
	}
	var keys []sortKey
	seen := map[string]bool{}
	for _, o := range orderBy {
		field, direction := (*o).key()
		col, ok := t.orders[field]
		if !ok || seen[col.name+col.expression] {
			return nil, Errorf(BadInput, "orderBy: %s is repeated or is not a field of this order", field)
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

// isDefaultOrder reports whether an order is the default order of the table.
func (t *table[T, K]) isDefaultOrder(order []sortKey) bool {
	return len(order) == len(t.defaultOrder) && &order[0] == &t.defaultOrder[0]
}
