package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// absentValues maps a filter type to a value that no row has. Filters of enums have no absent value.
var absentValues = map[string]string{
	"StringFilter": "nothing is called this", "DateTimeFilter": "2044-05-05T05:05:05Z", "DateFilter": "2044-05-05", "YearMonthFilter": "2044-05",
	"DecimalFilter": "1599999999", "LongFilter": "1599999999",
}

// condition is a filter on one field, with values of Anna's and of Berta's row and an absent value. If related is true, the
// values are those of a record that may belong to another one of the owner's.
type condition struct {
	name, kind, own, others, absent string
	wrap                            func(leaf any) object
	related                         bool
}

// rowPair is a row of Anna's and one of Berta's.
type rowPair [2]object

// conditions returns a condition for each field of a filter type, with the values of two rows. related maps filter types
// to rows; without it, conditions on related records are left out.
func (w schemaWalker) conditions(t *testing.T, filter *ast.Definition, rows rowPair, related map[string]rowPair) []condition {
	t.Helper()
	own, others := rows[0], rows[1]
	var list []condition
	for _, f := range filter.Fields {
		of := w.Types[f.Type.Name()]
		nest := func(conditions []condition, related bool, names ...string) {
			for _, c := range conditions {
				inner := c.wrap
				c.related = related
				for _, name := range slices.Backward(names) {
					within := inner
					c.name, inner = name+"."+c.name, func(leaf any) object { return object{name: within(leaf)} }
				}
				c.wrap = inner
				list = append(list, c)
			}
		}
		relatedRows, isRelated := related[of.Name]
		some := of.Fields.ForName("some")
		switch {
		case f.Name == "and" || f.Name == "or" || f.Name == "not" || f.Name == "current":
		case some != nil && related != nil:
			for _, name := range []string{"some", "none"} {
				nest(w.conditions(t, w.Types[some.Type.Name()], related[some.Type.Name()], nil), true, f.Name, name)
			}
		case isRelated:
			nest(w.conditions(t, of, relatedRows, nil), true, f.Name)
		case some != nil || w.isRelatedFilter(of.Name):
		case of.Name == "BillingCycleFilter":
			nest(w.conditions(t, of, rowPair{asObject(own[f.Name]), asObject(others[f.Name])}, nil), false, f.Name)
		case of.Fields.ForName("eq") == nil:
			nest(w.conditions(t, of, rowPair{first(own[f.Name]), first(others[f.Name])}, nil), false, f.Name)
		default:
			c := condition{f.Name, of.Name, text(own, f.Name), text(others, f.Name), absentValues[of.Name], func(leaf any) object { return object{f.Name: leaf} }, false}
			if of.Name == "IDFilter" {
				c.absent = mixIDs(t, c.own, c.own, "x")
			}
			if c.own == "" || c.others == "" {
				t.Errorf("%s.%s: no value in the rows", filter.Name, f.Name)
			}
			list = append(list, c)
		}
	}
	return list
}

// isRelatedFilter reports whether a type is the filter of a list of nodes.
func (w schemaWalker) isRelatedFilter(name string) bool {
	for _, f := range w.lists() {
		if f.Arguments.ForName("filter").Type.Name() == name {
			return true
		}
	}
	return false
}

func first(list any) object { return asObject(list.([]any)[0]) }

func asObject(v any) object { return v.(map[string]any) }

// text returns a row's value for a filter field; of a quantity or money, the amount.
func text(row object, field string) string {
	value := row[field]
	if record, isID := strings.CutSuffix(field, "Id"); isID && value == nil {
		value = at(row, record, "id")
	}
	if field == "currency" && value == nil {
		value = at(row, "taxExcluded", "currency")
	}
	if inner, ok := value.(map[string]any); ok {
		value = inner["amount"]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// leaf returns the condition of an operator, with booleans and longs converted from text.
func (c condition) leaf(operator, value string) object {
	var v any = value
	switch c.kind {
	case "BooleanFilter":
		v = value == "true"
	case "LongFilter":
		var n int64
		fmt.Sscan(value, &n)
		v = n
	}
	if operator == "in" {
		v = []any{v}
	}
	return object{operator: v}
}

func TestFilterByForeignValueEqualsAbsentValue(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		owners := map[string]any{}
		rows, related := map[string]rowPair{}, map[string]rowPair{}
		for list, d := range w.nodeTypes() {
			annaRow, bertaRow, _ := g.sampleRows(w, list, d)
			owners[d.Name], rows[list] = annaRow["id"], rowPair{annaRow, bertaRow}
			related[w.Query.Fields.ForName(list).Arguments.ForName("filter").Type.Name()] = rows[list]
		}
		for name, f := range w.lists() {
			owner, _, _ := strings.Cut(name, ".")
			argument := f.Arguments.ForName("filter")
			document := fmt.Sprintf("query($f: %s) {%s(first: 100, filter: $f) {totalCount nodes {id}}}", argument.Type.Name(), f.Name)
			if owner != "Query" {
				document = fmt.Sprintf("query($f: %s) {node(id: %q) {... on %s {%s(first: 100, filter: $f) {totalCount nodes {id}}}}}", argument.Type.Name(), owners[owner], owner, f.Name)
			}
			row := rows[w.nodeListOf(f)]
			for _, c := range w.conditions(t, w.Types[argument.Type.Name()], row, related) {
				query := func(filter object) string { return g.query(g.annaSecret, document, map[string]any{"f": filter}) }
				for _, o := range w.Types[c.kind].Fields {
					if owner != "Query" && o.Name != "eq" {
						continue // one operator is enough for nested lists
					}
					if o.Name == "isNull" {
						g.check(name+" "+c.name, query(c.wrap(object{"isNull": true}))+query(c.wrap(object{"isNull": false})))
						continue
					}
					own := query(c.wrap(c.leaf(o.Name, c.own)))
					others := query(c.wrap(c.leaf(o.Name, c.others)))
					g.check(name+" "+c.name+" "+o.Name, own+others)
					if strings.Contains(own+others, `"errors"`) {
						t.Errorf("%s %s %s: %s%s", name, c.name, o.Name, own, others)
					}
					if isEqual := !c.related && (o.Name == "eq" || o.Name == "in" || o.Name == "like"); owner == "Query" && isEqual && strings.Contains(own, `"nodes":[]`) {
						t.Errorf("%s %s %s finds no own record", name, c.name, o.Name)
					}
					if order := o.Name[0] == 'g' || o.Name[:2] == "lt"; order || c.absent == "" || c.own == c.others {
						continue
					}
					g.checkSame(name+" "+c.name+" "+o.Name, others, c.others, query(c.wrap(c.leaf(o.Name, c.absent))), c.absent)
					if owner == "Query" && o.Name == "eq" {
						within := func(value string) string {
							leaf := c.wrap(c.leaf("eq", value))
							return query(object{"not": leaf}) + query(object{"or": []any{leaf, object{"and": []any{leaf}}}})
						}
						g.checkSame(name+" not and or "+c.name, within(c.others), c.others, within(c.absent), c.absent)
					}
				}
			}
		}
	})
}

func TestAllOrdersShowOnlyOwnRecords(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		for list := range w.nodeTypes() {
			for _, order := range w.orders(w.Query.Fields.ForName(list)) {
				for _, direction := range []string{"ASC", "DESC"} {
					document := fmt.Sprintf("{%s(orderBy: [{field: %s, direction: %s}]) {totalCount edges {cursor} nodes {id}}}", list, order, direction)
					answer := g.query(g.annaSecret, document, nil)
					g.check(document, answer)
					if strings.Contains(answer, `"nodes":[]`) || strings.Contains(answer, `"errors"`) {
						t.Errorf("%s: %s", document, answer)
					}
				}
			}
		}
	})
}
