package graphqlhttp

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/graph"
)

// shortList is the assumed length of a list without pages, such as the balances of a bucket or the lines of a summary.
const shortList = 4

// pricer computes the price of an operation: the number of objects that it may return. An object counts if it is an
// element of a list, the result of a field with arguments, or a Node; a part of another object, such as Money, does not
// count. Each object counts as often as the product of the lengths of the lists around it.
type pricer struct {
	schema    *ast.Schema
	limits    Limits
	variables map[string]any
	// fragments caches the prices of fragments.
	fragments map[pricedFragment]int
}

// pricedFragment is a fragment spread in a connection with the page size.
type pricedFragment struct {
	name string
	page int
}

// checkPrice returns an error for an operation whose price is above MaxComplexity, or that has a page above MaxPage.
func checkPrice(schema *ast.Schema, operation *ast.OperationDefinition, variables map[string]any, limits Limits) error {
	p := pricer{schema, limits, variables, map[pricedFragment]int{}}
	price, err := p.selections(operation.SelectionSet, shortList)
	if err == nil && price > limits.MaxComplexity {
		return limitExceeded("complexity", "an operation has a complexity of at most %d objects, this one of %d: select smaller pages, or fewer pages within pages", limits.MaxComplexity, price)
	}
	return err
}

// selections returns the price of the selections of one object. page is the length of its lists.
func (p *pricer) selections(set ast.SelectionSet, page int) (int, error) {
	sum := 0
	for _, selection := range set {
		one, err := p.selection(selection, page)
		if err != nil {
			return 0, err
		}
		sum = addCapped(sum, one)
	}
	return sum, nil
}

func (p *pricer) selection(selection ast.Selection, page int) (int, error) {
	switch s := selection.(type) {
	case *ast.Field:
		return p.field(s, page)
	case *ast.InlineFragment:
		return p.selections(s.SelectionSet, page)
	case *ast.FragmentSpread:
		key := pricedFragment{s.Name, page}
		price, cached := p.fragments[key]
		if cached {
			return price, nil
		}
		price, err := p.selections(s.Definition.SelectionSet, page)
		p.fragments[key] = price
		return price, err
	}
	return 0, nil
}

func (p *pricer) field(f *ast.Field, page int) (int, error) {
	if len(f.SelectionSet) == 0 || f.Name == "__schema" || f.Name == "__type" {
		return 0, nil
	}
	inside, err := p.pageSize(f)
	if err != nil {
		return 0, err
	}
	price, err := p.selections(f.SelectionSet, inside)
	if err != nil {
		return 0, err
	}
	switch definition := p.schema.Types[f.Definition.Type.Name()]; {
	case f.Definition.Type.Elem != nil:
		return multiplyCapped(p.length(f, page), addCapped(1, price)), nil
	case len(f.Definition.Arguments) > 0, len(definition.Interfaces) > 0, definition.IsAbstractType():
		return addCapped(1, price), nil
	}
	return price, nil
}

// connectionLists are the fields of a connection that have its page size as their length.
var connectionLists = []string{"edges", "nodes"}

// length returns the maximum length of a list: that of a list in its arguments, the page size, or shortList.
func (p *pricer) length(f *ast.Field, page int) int {
	for _, argument := range f.Arguments {
		if list, ok := p.argument(argument).([]any); ok {
			return len(list)
		}
	}
	if slices.Contains(connectionLists, f.Name) {
		return page
	}
	return shortList
}

// pageSize returns the page size of a connection, which is the argument first or last. It returns a BadInput error for
// a size above MaxPage; the executor reports invalid sizes.
func (p *pricer) pageSize(f *ast.Field) (int, error) {
	if f.Definition.Arguments.ForName("first") == nil {
		return shortList, nil
	}
	page := min(db.DefaultPage, p.limits.MaxPage)
	for _, name := range [...]string{"first", "last"} {
		value := p.argument(f.Arguments.ForName(name))
		if value == nil {
			continue
		}
		n, err := graph.UnmarshalInt(value)
		if err != nil || n < 1 {
			continue
		}
		if int(n) > p.limits.MaxPage {
			return 0, db.Errorf(db.BadInput, "%s: want 1 to %d, not %d", name, p.limits.MaxPage, n)
		}
		page = int(n)
	}
	return page, nil
}

// argument returns the value of an argument, or nil if it is null or absent.
func (p *pricer) argument(a *ast.Argument) any {
	if a == nil {
		return nil
	}
	value, _ := a.Value.Value(p.variables)
	return value
}
