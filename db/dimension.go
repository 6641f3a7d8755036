package db

import (
	"fmt"
	"slices"
	"strings"
)

// dimensionOf holds the column or expression of a dimension, whose values are fields of a K.
type dimensionOf[K any] struct {
	column
	// set stores a value that is not NULL.
	set func(k *K, value any)
}

// dimensionsOf returns the dimensions with some names. It returns a BadInput error for more than a maximum and for
// repeated names.
func dimensionsOf[K any, D ~string](known map[D]dimensionOf[K], names []D, most int) (list []dimensionOf[K], err error) {
	if len(names) > most {
		return nil, Errorf(BadInput, "by: at most %d dimensions, not %d", most, len(names))
	}
	for i, name := range names {
		d, ok := known[name]
		if !ok || slices.Contains(names[:i], name) {
			return nil, Errorf(BadInput, "by: %s is repeated", name)
		}
		list = append(list, d)
	}
	return list, nil
}

// columnsOfDimensions returns the columns of dimensions.
func columnsOfDimensions[K any](dimensions []dimensionOf[K]) (columns []column) {
	for _, d := range dimensions {
		columns = append(columns, d.column)
	}
	return columns
}

// setKey stores the values of dimensions in the key of a group. They are the last ones of values.
func setKey[K any](dimensions []dimensionOf[K], key *K, values []any) {
	offset := len(values) - len(dimensions)
	for i, d := range dimensions {
		if v := values[offset+i]; v != nil {
			d.set(key, v)
		}
	}
}

// GroupOwner holds the keys of the customer and the subscription of a group; nil if they are no dimension, or if the
// records have none.
type GroupOwner struct {
	Customer, Subscription *Key
}

func (o *GroupOwner) setCustomer(value any)     { o.Customer = new(CustomerKey(value.(int64))) }
func (o *GroupOwner) setSubscription(value any) { o.Subscription = &Key{ID: value.(int64)} }

// setSubscriptionCustomer stores the customer of the subscription, if there is one.
func (o *GroupOwner) setSubscriptionCustomer(value any) error {
	if o.Subscription == nil {
		return nil
	}
	return setInt64(&o.Subscription.CustomerID, value)
}

// customerDimension is the id of a customer; NULL for records of unattributed usage.
var customerDimension = column{name: "customer", kind: longColumn, nullable: true, expression: "NULLIF({t}customer_id, 0)"}

// subscriptionDimension is the id of a subscription, which is unique without the customer.
var subscriptionDimension = column{name: "subscription_id", kind: longColumn, nullable: true}

// setText returns a function that stores a text in a field of a key.
func setText[K any, T ~string](field func(*K) **T) func(*K, any) {
	return func(k *K, value any) { *field(k) = new(T(value.(string))) }
}

// groupColumns returns the columns of dimensions of u in SQL.
func groupColumns[K any](c *compiler, dimensions []dimensionOf[K]) (columns []string) {
	for _, d := range dimensions {
		columns = append(columns, d.of(c.dialect, "u.")+" AS "+d.name)
	}
	return columns
}

// groupStatement returns a query that groups the rows of a relation by columns, with aggregates; without columns it has
// one group.
func groupStatement(columns, aggregates []string, from, where string) string {
	sql := "SELECT " + strings.Join(append(columns, aggregates...), ", ") + " FROM " + from + " WHERE " + where
	for i := range columns {
		if i == 0 {
			sql += " GROUP BY 1"
		} else {
			sql += fmt.Sprint(", ", i+1)
		}
	}
	return sql
}

// restrictToGroups adds conditions on columns of u that the groups with some keys satisfy, and few others. The values of
// the columns are the last ones of a key. Columns that are expressions have no condition.
func restrictToGroups(c *compiler, columns []column, keys [][]any) {
	for i, d := range columns {
		if d.expression != "" && d.kind != longColumn {
			continue
		}
		var values []any
		condition := ""
		for _, key := range keys {
			if v := key[len(key)-len(columns)+i]; v != nil {
				values = append(values, v)
			} else {
				condition = d.of(c.dialect, "u.") + " IS NULL OR "
			}
		}
		c.add("(", condition, d.of(c.dialect, "u."), c.dialect.in(c, arrayTypes[d.kind], values), ")")
	}
}

// arrayTypes are the types of PostgreSQL for the values of columns.
var arrayTypes = map[columnKind]string{textColumn: "text", longColumn: "bigint", timeColumn: "timestamptz", sumColumn: "numeric"}
