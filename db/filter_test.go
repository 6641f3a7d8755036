package db_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestRandomFilters compares the rows that each database finds for random filters with the rows that match in Go, so
// that both databases find the same.
func TestRandomFilters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			partial := 0
			for i := range 75 {
				filter := w.filter(e, 3)
				got := e.one(t, store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, filter: filter}).ids()
				want := e.found(w, filter)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: filter %d, %s: %s", e.name, i, printed(filter), diff)
				}
				if len(want) > 0 && len(want) < len(e.rows(w)) {
					partial++
				}
			}
			if partial < 10 {
				t.Errorf("%s: only %d filters find some rows and not all", e.name, partial)
			}
		}
	})
}

func TestEachConditionOfAFilter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		w := fill(t, store)
		for _, e := range entities {
			for i := range e.filter.NumField() {
				if !isLeaf(e.filter.Field(i)) {
					continue
				}
				name, leaf := e.filter.Field(i).Name, e.filter.Field(i).Type.Elem()
				for operator := range leaf.NumField() {
					t.Run(fmt.Sprint(e.name, " ", name, " ", leaf.Field(operator).Name), func(t *testing.T) {
						filter := reflect.New(e.filter)
						filter.Elem().Field(i).Set(reflect.New(leaf))
						filter.Elem().Field(i).Elem().Field(operator).Set(w.operand(leaf.Field(operator), e.rows(w), name))
						got := e.one(t, store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, filter: filter.Interface()}).ids()
						if diff := cmp.Diff(e.found(w, filter.Interface()), got); diff != "" {
							t.Errorf("%s: %s", printed(filter.Interface()), diff)
						}
					})
				}
			}
		}
	})
}

// found returns the ids of the rows that match a filter, in the list's standard order.
func (e *entity) found(w *world, filter any) []db.ID {
	var found []db.Node
	for _, row := range e.rows(w) {
		if w.matches(filter, row) {
			found = append(found, row)
		}
	}
	return idsOf(e.sorted(found, nil))
}

// filter returns a random filter for a list, nested to a maximum depth.
func (w *world) filter(e *entity, depth int) any {
	return w.filterOf(e.filter, e.rows(w), depth).Interface()
}

func (w *world) filterOf(of reflect.Type, rows []db.Node, depth int) reflect.Value {
	filter := reflect.New(of)
	nested := func() reflect.Value { return w.filterOf(of, rows, depth-1) }
	var leaves []int
	for i := range of.NumField() {
		field := filter.Elem().Field(i)
		switch name := of.Field(i).Name; {
		case name == "Rated":
			if w.random.IntN(4) == 0 {
				field.Set(w.filterOf(field.Type().Elem(), ratedOf(rows), min(depth, 1)))
			}
		case name == "Current":
			if w.random.IntN(6) == 0 {
				field.Set(reflect.ValueOf(new(w.random.IntN(2) == 0)))
			}
		case name == "BillingCycle":
			if w.random.IntN(6) == 0 {
				field.Set(reflect.ValueOf(&db.BillingCycleFilter{Start: &db.DateTimeFilter{Lte: w.reports[w.random.IntN(len(w.reports))].CycleStart}, ID: &db.StringFilter{IsNull: new(w.random.IntN(4) == 0)}, End: &db.DateTimeFilter{IsNull: new(false)}}))
			}
		case relatedRows[name] != nil:
			if depth > 0 && w.random.IntN(8) == 0 {
				field.Set(w.related(field.Type().Elem(), relatedRows[name](w), depth-1))
			}
		case name == "And" || name == "Or":
			if depth == 0 || w.random.IntN(3) > 0 {
				continue
			}
			list := reflect.MakeSlice(field.Type(), 0, 3)
			for range w.random.IntN(4) {
				list = reflect.Append(list, nested())
			}
			field.Set(list)
		case name == "Not":
			if depth > 0 && w.random.IntN(3) == 0 {
				field.Set(nested())
			}
		case isLeaf(of.Field(i)):
			leaves = append(leaves, i)
		}
	}
	if depth == 0 || w.random.IntN(2) == 0 {
		i := pick(w, leaves...)
		filter.Elem().Field(i).Set(w.leaf(of.Field(i).Type.Elem(), rows, of.Field(i).Name))
	}
	return filter
}

// relatedRows maps fields of filters to the rows that their conditions are on.
var relatedRows = map[string]func(*world) []db.Node{
	"Customer":       func(w *world) []db.Node { return nodesOf(w.customers) },
	"Subscription":   func(w *world) []db.Node { return nodesOf(w.subscriptions) },
	"UsageRecords":   func(w *world) []db.Node { return nodesOf(w.records) },
	"UsageSummaries": func(w *world) []db.Node { return nodesOf(w.summaries) },
	"Buckets":        func(w *world) []db.Node { return nodesOf(w.buckets) },
}

// related returns a random filter on related rows: on a customer or subscription, or on a list.
func (w *world) related(of reflect.Type, rows []db.Node, depth int) reflect.Value {
	if some, list := of.FieldByName("Some"); list {
		filter := reflect.New(of)
		filter.Elem().Field(w.random.IntN(2)).Set(w.filterOf(some.Type.Elem(), rows, depth))
		return filter
	}
	return w.filterOf(of, rows, depth)
}

// isLeaf reports whether a filter's field is the conditions on one column.
func isLeaf(field reflect.StructField) bool {
	if field.Type.Kind() != reflect.Pointer || field.Type.Elem().Kind() != reflect.Struct {
		return false
	}
	_, leaf := field.Type.Elem().FieldByName("IsNull")
	return leaf
}

// ratedNode makes a rated usage a node, so that random filters on rated usages are made like those on nodes.
type ratedNode struct {
	db.Node
	*db.RatedUsage
}

func ratedOf(rows []db.Node) (rated []db.Node) {
	for _, row := range rows {
		for _, p := range row.(*db.UsageRecord).Rated {
			rated = append(rated, &ratedNode{RatedUsage: p})
		}
	}
	return rated
}

func (w *world) leaf(of reflect.Type, rows []db.Node, name string) reflect.Value {
	leaf := reflect.New(of)
	for range 1 + w.random.IntN(2) {
		i := w.random.IntN(of.NumField())
		leaf.Elem().Field(i).Set(w.operand(of.Field(i), rows, name))
	}
	return leaf
}

// operand returns a random operand for a condition on a field, mostly a value that some row has.
func (w *world) operand(operator reflect.StructField, rows []db.Node, name string) reflect.Value {
	switch {
	case operator.Name == "IsNull":
		return reflect.ValueOf(new(w.random.IntN(2) == 0))
	case operator.Name == "Like":
		return reflect.ValueOf(new(w.pattern(rows, name)))
	case operator.Type.Kind() == reflect.Slice:
		list := reflect.MakeSlice(operator.Type, 0, 3)
		for range w.random.IntN(4) {
			list = reflect.Append(list, w.operandOf(operator.Type.Elem(), rows, name))
		}
		return list
	}
	operand := reflect.New(operator.Type.Elem())
	operand.Elem().Set(w.operandOf(operator.Type.Elem(), rows, name))
	return operand
}

func (w *world) operandOf(of reflect.Type, rows []db.Node, name string) reflect.Value {
	for range 100 {
		if value := field(pick(w, rows...), name); value != nil {
			return reflect.ValueOf(value).Convert(of)
		}
	}
	panic("no row has " + name)
}

// pattern returns a random LIKE pattern made from a text that some row has.
func (w *world) pattern(rows []db.Node, name string) string {
	var pattern strings.Builder
	for _, c := range w.operandOf(reflect.TypeFor[string](), rows, name).String() {
		switch w.random.IntN(8) {
		case 0:
			pattern.WriteString("_")
		case 1:
			pattern.WriteString("%")
		case 2:
			pattern.WriteString(strings.ToUpper(string(c)))
		case 3:
			pattern.WriteString(`\` + string(c))
		default:
			pattern.WriteString(strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(string(c)))
		}
	}
	return pattern.String() + pick(w, "", "%")
}

// nothing returns a filter that no row matches.
func (e *entity) nothing() any {
	filter := reflect.New(e.filter)
	filter.Elem().FieldByName("Or").Set(reflect.MakeSlice(filter.Elem().FieldByName("Or").Type(), 0, 0))
	return filter.Interface()
}

// printed returns a filter as JSON without its unset fields.
func printed(filter any) string {
	text, err := json.Marshal(filter, json.OmitZeroStructFields(true))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
