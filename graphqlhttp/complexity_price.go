package graphqlhttp

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/graph"
)

// fewElements is how many a list counts as that has no pages: the balances of a bucket, the lines of a summary.
const fewElements = 4

// pricer counts the objects that an operation may ask for, once its variables are known.
type pricer struct {
	schema    *ast.Schema
	limits    Limits
	variables map[string]any
	// priced has the cost of fragments that were seen before, within a page of that size.
	priced map[pricedFragment]int
}

type pricedFragment struct {
	name string
	page int
}

// price holds an operation to the limit of its cost, and its pages to theirs. An object counts where it is an element
// of a list, was looked for with arguments, or is a Node; what is a part of another object, such as Money, does not.
// Each counts as often as the lists above it are long.
func (l Limits) price(schema *ast.Schema, operation *ast.OperationDefinition, variables map[string]any) error {
	p := pricer{schema, l, variables, map[pricedFragment]int{}}
	cost, err := p.selections(operation.SelectionSet, fewElements)
	if err == nil && cost > l.MaxCost {
		return exceeded("cost", "an operation asks for at most %d objects: this one may be %d; ask for smaller pages, or fewer in each other", l.MaxCost, cost)
	}
	return err
}

// selections is the cost of what is selected of one object, whose lists have that many elements.
func (p *pricer) selections(set ast.SelectionSet, page int) (int, error) {
	sum := 0
	for _, selection := range set {
		one, err := p.selection(selection, page)
		if err != nil {
			return 0, err
		}
		sum = plus(sum, one)
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
		cost, known := p.priced[key]
		if known {
			return cost, nil
		}
		cost, err := p.selections(s.Definition.SelectionSet, page)
		p.priced[key] = cost
		return cost, err
	}
	return 0, nil
}

func (p *pricer) field(f *ast.Field, page int) (int, error) {
	if len(f.SelectionSet) == 0 || f.Name == "__schema" || f.Name == "__type" {
		return 0, nil
	}
	inside, err := p.page(f)
	if err != nil {
		return 0, err
	}
	cost, err := p.selections(f.SelectionSet, inside)
	if err != nil {
		return 0, err
	}
	switch definition := p.schema.Types[f.Definition.Type.Name()]; {
	case f.Definition.Type.Elem != nil:
		return times(p.length(f, page), plus(1, cost)), nil
	case len(f.Definition.Arguments) > 0, len(definition.Interfaces) > 0, definition.IsAbstractType():
		return plus(1, cost), nil
	}
	return cost, nil
}

// times multiplies what plus adds.
func times(a, b int) int { return int(min(int64(a)*int64(b), boundless)) }

// connectionLists are the lists of a connection, which are as long as its page.
var connectionLists = []string{"edges", "nodes"}

// length is how long a list may be: as many as were named in its arguments, a page, or few.
func (p *pricer) length(f *ast.Field, page int) int {
	for _, argument := range f.Arguments {
		if list, ok := p.argument(argument).([]any); ok {
			return len(list)
		}
	}
	if slices.Contains(connectionLists, f.Name) {
		return page
	}
	return fewElements
}

// page is how long the lists of a connection are: first or last. It returns a BadInput error for more than a page may
// have; what is no size at all the executor refuses.
func (p *pricer) page(f *ast.Field) (int, error) {
	if f.Definition.Arguments.ForName("first") == nil {
		return fewElements, nil
	}
	page := min(db.DefaultPage, p.limits.MaxPage)
	for _, name := range [...]string{"first", "last"} {
		asked := p.argument(f.Arguments.ForName(name))
		if asked == nil {
			continue
		}
		n, err := graph.UnmarshalInt(asked)
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

// argument is the value of an argument; nil where it is null or left out.
func (p *pricer) argument(a *ast.Argument) any {
	if a == nil {
		return nil
	}
	value, _ := a.Value.Value(p.variables)
	return value
}
