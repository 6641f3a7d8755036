package db_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"usagegraph/db"
)

// matches reports whether a row satisfies a filter. A missing value satisfies only Ne and IsNull. filter is a pointer
// to a filter, row a pointer to a row.
func matches(filter, row any) bool {
	f := reflect.ValueOf(filter).Elem()
	for i := range f.NumField() {
		leaf, name := f.Field(i), f.Type().Field(i).Name
		if leaf.IsNil() {
			continue
		}
		holds := false
		switch name {
		case "And":
			holds = count(leaf, row) == leaf.Len()
		case "Or":
			holds = count(leaf, row) > 0
		case "Not":
			holds = !matches(leaf.Interface(), row)
		case "Rated":
			holds = slices.ContainsFunc(row.(*db.UsageRecord).Rated, func(p *db.RatedUsage) bool { return matches(leaf.Interface(), p) })
		default:
			holds = leafHolds(leaf.Elem(), field(row, name))
		}
		if !holds {
			return false
		}
	}
	return true
}

// count returns the number of the filters that a row satisfies.
func count(filters reflect.Value, row any) (n int) {
	for i := range filters.Len() {
		if matches(filters.Index(i).Interface(), row) {
			n++
		}
	}
	return n
}

// columnNames maps fields of filters to fields of rows with other names.
var columnNames = map[string]string{"OneOffQuantity": "OneOffs", "DataQuantity": "DataMB", "DurationQuantity": "DurationSeconds"}

// field returns the value of a row that a field of a filter is compared with; nil if it is missing.
func field(row any, name string) any {
	v := reflect.ValueOf(row).Elem()
	if renamed := columnNames[name]; renamed != "" {
		name = renamed
	}
	if !v.FieldByName(name).IsValid() {
		name += "Amount"
	}
	value := plain(v.FieldByName(name))
	customerID, _ := v.FieldByName("CustomerID").Interface().(int64)
	switch {
	case name == "CustomerID" && customerID == 0 || value == nil:
		return nil
	case name == "CustomerID":
		return globalID(db.TypeCustomer, db.CustomerKey(customerID))
	case name == "SubscriptionID":
		return globalID(db.TypeSubscription, db.Key{CustomerID: customerID, ID: value.(int64)})
	}
	return value
}

func leafHolds(leaf reflect.Value, value any) bool {
	for i := range leaf.NumField() {
		operand, operator := leaf.Field(i), leaf.Type().Field(i).Name
		if operand.IsNil() {
			continue
		}
		holds := false
		switch operator {
		case "IsNull":
			holds = operand.Elem().Bool() == (value == nil)
		case "Ne":
			holds = value == nil || compare(value, plain(operand)) != 0
		case "In":
			for i := range operand.Len() {
				holds = holds || value != nil && compare(value, plain(operand.Index(i))) == 0
			}
		case "Like":
			holds = value != nil && like(operand.Elem().String(), value.(string))
		default:
			holds = value != nil && operators[operator](compare(value, plain(operand)))
		}
		if !holds {
			return false
		}
	}
	return true
}

var operators = map[string]func(int) bool{
	"Eq": func(c int) bool { return c == 0 },
	"Gt": func(c int) bool { return c > 0 }, "Gte": func(c int) bool { return c >= 0 },
	"Lt": func(c int) bool { return c < 0 }, "Lte": func(c int) bool { return c <= 0 },
}

// like matches a text with a pattern of %, _ and \.
func like(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	switch p, size := utf8.DecodeRuneInString(pattern); p {
	case '%':
		for i := range len(text) + 1 {
			if (i == len(text) || utf8.RuneStart(text[i])) && like(pattern[1:], text[i:]) {
				return true
			}
		}
		return false
	case '\\':
		return likeRune(pattern[1:], text)
	case '_':
		_, length := utf8.DecodeRuneInString(text)
		return text != "" && like(pattern[size:], text[length:])
	}
	return likeRune(pattern, text)
}

// likeRune matches the first character of a pattern literally, ignoring the case of a to z.
func likeRune(pattern, text string) bool {
	p, size := utf8.DecodeRuneInString(pattern)
	c, length := utf8.DecodeRuneInString(text)
	return text != "" && (p == c || p < 128 && c < 128 && strings.EqualFold(string(p), string(c))) && like(pattern[size:], text[length:])
}

// node is the key of a record that has a global id.
type node struct {
	of  db.NodeType
	key db.Key
}

// globalIDs holds the global ids of the customers and subscriptions of worlds. They are the same in each test and on
// both databases.
var globalIDs sync.Map

func globalID(of db.NodeType, key db.Key) db.ID {
	id, ok := globalIDs.Load(node{of, key})
	if !ok {
		panic(fmt.Sprint("no id of ", of, key))
	}
	return id.(db.ID)
}
