package db

import (
	"fmt"
	"iter"
	"reflect"
	"strings"
)

// The prices of conditions, in proportion to the time that they take for one record. A condition within not, and one on
// a related record, has twice the price.
const (
	// comparisonPrice is the price of comparing a field with a value.
	comparisonPrice = 10
	// patternPrice is the price of a pattern that begins with text, searchPrice that of one that begins with a
	// wildcard. No index finds the records of either.
	patternPrice, searchPrice = 50, 100
	// relatedPrice is the price of finding the related records of a record.
	relatedPrice = 1000
	// pricedValues is the number of values of a list that have the price of one unit.
	pricedValues = 25
)

// relatedFields are the fields of filters, in lower case, whose conditions are on related records.
var relatedFields = map[string]bool{
	"rated": true, "identifiers": true, "bucket": true, "customer": true, "subscription": true, "some": true, "none": true,
	"current": true,
}

// groupFields are the fields of filters, in lower case, that hold a group of conditions, each with its own price.
var groupFields = map[string]bool{"usagerecords": true, "usagesummaries": true, "buckets": true, "billingcycle": true}

// conditionKind is a kind of condition with a price of its own.
type conditionKind int

const (
	plainCondition conditionKind = iota
	negatedCondition
	relatedCondition
	searchCondition
	conditionKinds
)

// conditionNames are the names of the kinds of conditions in messages.
var conditionNames = [conditionKinds]string{
	"conditions", "negated conditions", "conditions on related records", "patterns that begin with a wildcard",
}

// FilterPrice is the price of a filter, by the kinds of its conditions.
type FilterPrice struct {
	prices, counts [conditionKinds]int
}

// PriceOf returns the price of a filter: a Filter, or an object of the schema as a map.
func PriceOf(filter any) FilterPrice {
	var p FilterPrice
	p.filter(reflect.ValueOf(filter), plainCondition)
	return p
}

// Total returns the sum of the prices of all conditions.
func (p FilterPrice) Total() int {
	total := 0
	for _, price := range p.prices {
		total += price
	}
	return total
}

// Advice returns a phrase that says which conditions make the filter expensive.
func (p FilterPrice) Advice() string {
	most := plainCondition
	for kind, price := range p.prices {
		if price > p.prices[most] {
			most = conditionKind(kind)
		}
	}
	return fmt.Sprintf("use fewer of its %d %s", p.counts[most], conditionNames[most])
}

func (p *FilterPrice) add(kind conditionKind, price int) {
	p.prices[kind] += price
	p.counts[kind]++
}

// filter adds the prices of a filter's conditions. within is the kind of the conditions around it.
func (p *FilterPrice) filter(v reflect.Value, within conditionKind) {
	for name, member := range members(v) {
		switch {
		case groupFields[name]:
			p.filter(member, within)
		case name == "and" || name == "or":
			for _, f := range elements(member) {
				p.filter(f, within)
			}
		case name == "not":
			p.filter(member, max(within, negatedCondition))
		case relatedFields[name]:
			p.add(relatedCondition, relatedPrice)
			p.filter(member, relatedCondition)
		case member.Kind() == reflect.String:
			p.add(within, patternPrice) // a field that only an endpoint filters by, such as YearMonthLike
		default:
			p.field(member, within)
		}
	}
}

// field adds the prices of the conditions on one field.
func (p *FilterPrice) field(v reflect.Value, within conditionKind) {
	for operator, operand := range members(v) {
		kind, price := within, comparisonPrice
		switch operator {
		case "ne":
			kind = max(within, negatedCondition)
		case "in":
			price += len(elements(operand)) / pricedValues
		case "like":
			price = patternPrice
			if operand.Kind() == reflect.String && strings.HasPrefix(strings.TrimLeft(operand.String(), "_"), "%") {
				kind, price = searchCondition, searchPrice
			}
		}
		if within != plainCondition || kind == negatedCondition {
			price *= 2
		}
		p.add(kind, price)
	}
}

// members returns the members of an object, which is a struct or a map, that are not nil. The names are in lower case.
func members(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		switch v = pointedTo(v); v.Kind() {
		case reflect.Struct:
			for field, value := range v.Fields() {
				if value = pointedTo(value); value.IsValid() && !yield(strings.ToLower(field.Name), value) {
					return
				}
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				if value := pointedTo(v.MapIndex(key)); value.IsValid() && !yield(strings.ToLower(key.String()), value) {
					return
				}
			}
		}
	}
}

// pointedTo returns the value to which pointers and interfaces lead; the zero Value for nil, and for a nil slice.
func pointedTo(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice && v.IsNil() {
		return reflect.Value{}
	}
	return v
}

// elements returns the elements of a list; a single value in place of a list is its only element.
func elements(v reflect.Value) []reflect.Value {
	if v.Kind() != reflect.Slice {
		return []reflect.Value{v}
	}
	list := make([]reflect.Value, v.Len())
	for i := range list {
		list[i] = v.Index(i)
	}
	return list
}
