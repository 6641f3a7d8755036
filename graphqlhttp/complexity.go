package graphqlhttp

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
	"usagegraph/graph"
)

// shortList is the assumed length of a list without pages, such as the balances of a bucket or the lines of a summary.
const shortList = 4

// countedRows is the number of rows that countUpTo counts in the time of reading one object.
const countedRows = 1000

// complexityCounter computes the complexity of an operation: the number of objects that it may return, and the prices of its
// filters. An object counts if it is an element of a list, the result of a field with arguments, or a Node; a part of
// another object, such as Money, does not count. Each object counts as often as the product of the lengths of the lists
// around it. A filter counts once for its field: one statement reads the lists of all parents.
type complexityCounter struct {
	schema    *ast.Schema
	limits    Limits
	variables map[string]any
	// fragments caches the complexity of fragments.
	fragments map[fragmentPage]complexity
}

// complexity is the complexity of a selection.
type complexity struct {
	objects, filters int
	// field is the name of the field with the most expensive filter, which has the price most.
	field string
	most  db.FilterPrice
}

func (c complexity) total() int { return addCapped(c.objects, c.filters) }

// add returns the complexity of two selections together.
func (c complexity) add(d complexity) complexity {
	if c.most.Total() < d.most.Total() {
		c.field, c.most = d.field, d.most
	}
	c.objects, c.filters = addCapped(c.objects, d.objects), addCapped(c.filters, d.filters)
	return c
}

// fragmentPage is a fragment spread in a connection with the page size.
type fragmentPage struct {
	name string
	page int
}

// checkComplexity returns an error for an operation whose complexity is above MaxComplexity, or that has a page above MaxPage.
func checkComplexity(schema *ast.Schema, operation *ast.OperationDefinition, variables map[string]any, limits Limits) error {
	c := complexityCounter{schema, limits, variables, map[fragmentPage]complexity{}}
	all, err := c.selections(operation.SelectionSet, shortList)
	switch {
	case err != nil || all.total() <= limits.MaxComplexity:
		return err
	case all.filters > all.objects:
		return limitExceeded("complexity", "an operation has a complexity of at most %d, this one of %d, %d of it for the filter of %s: %s",
			limits.MaxComplexity, all.total(), all.most.Total(), all.field, all.most.Advice())
	}
	return limitExceeded("complexity", "an operation has a complexity of at most %d objects, this one of %d: select smaller pages, or fewer pages within pages", limits.MaxComplexity, all.total())
}

// selections returns the complexity of the selections of one object. page is the length of its lists.
func (c *complexityCounter) selections(set ast.SelectionSet, page int) (sum complexity, err error) {
	for _, selection := range set {
		one, err := c.selection(selection, page)
		if err != nil {
			return sum, err
		}
		sum = sum.add(one)
	}
	return sum, nil
}

func (c *complexityCounter) selection(selection ast.Selection, page int) (complexity, error) {
	switch s := selection.(type) {
	case *ast.Field:
		return c.field(s, page)
	case *ast.InlineFragment:
		return c.selections(s.SelectionSet, page)
	case *ast.FragmentSpread:
		key := fragmentPage{s.Name, page}
		found, cached := c.fragments[key]
		if cached {
			return found, nil
		}
		found, err := c.selections(s.Definition.SelectionSet, page)
		c.fragments[key] = found
		return found, err
	}
	return complexity{}, nil
}

func (c *complexityCounter) field(f *ast.Field, page int) (complexity, error) {
	if len(f.SelectionSet) == 0 || f.Name == "__schema" || f.Name == "__type" {
		return complexity{}, nil
	}
	inside, err := c.pageSize(f)
	if err != nil {
		return complexity{}, err
	}
	found, err := c.selections(f.SelectionSet, inside)
	if err != nil {
		return complexity{}, err
	}
	switch definition := c.schema.Types[f.Definition.Type.Name()]; {
	case f.Definition.Type.Elem != nil:
		length := c.length(f, page)
		if f.Definition.Arguments.ForName("first") != nil {
			length = inside
		}
		found.objects = multiplyCapped(length, addCapped(1, found.objects))
	case len(f.Definition.Arguments) > 0, len(definition.Interfaces) > 0, definition.IsAbstractType():
		found.objects = addCapped(1, found.objects)
	}
	if f.Name == "countUpTo" {
		found.objects = addCapped(found.objects, c.counted(f))
	}
	return found.add(c.filter(f)), nil
}

// counted returns the number of objects that could be read in the time in which countUpTo counts rows.
func (c *complexityCounter) counted(f *ast.Field) int {
	n, err := graph.UnmarshalInt(f.ArgumentMap(c.variables)["max"])
	if err != nil || n < 1 {
		return 0 // the resolver returns the error
	}
	return (int(n) + countedRows - 1) / countedRows
}

// filter returns the complexity of a field's filter.
func (c *complexityCounter) filter(f *ast.Field) complexity {
	price := db.PriceOf(c.argument(f.Arguments.ForName("filter")))
	return complexity{filters: min(price.Total(), maxSum), field: f.Name, most: price}
}

// connectionLists are the fields of a connection that have its page size as their length.
var connectionLists = []string{"edges", "nodes"}

// length returns the maximum length of a list: that of a list in its arguments, the page size, or shortList.
func (c *complexityCounter) length(f *ast.Field, page int) int {
	for _, argument := range f.Arguments {
		if list, ok := c.argument(argument).([]any); ok {
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
func (c *complexityCounter) pageSize(f *ast.Field) (int, error) {
	if f.Definition.Arguments.ForName("first") == nil {
		return shortList, nil
	}
	if f.Definition.Arguments.ForName("by") != nil && c.argument(f.Arguments.ForName("by")) == nil && c.argument(f.Arguments.ForName("window")) == nil {
		return 1, nil // totals that are not divided
	}
	page := min(db.DefaultPage, c.limits.MaxPage)
	for _, name := range [...]string{"first", "last"} {
		value := c.argument(f.Arguments.ForName(name))
		if a := f.Definition.Arguments.ForName(name); value == nil && a != nil && a.DefaultValue != nil {
			value, _ = a.DefaultValue.Value(nil)
		}
		if value == nil {
			continue
		}
		n, err := graph.UnmarshalInt(value)
		if err != nil || n < 1 {
			continue
		}
		if int(n) > c.limits.MaxPage {
			return 0, db.Errorf(db.BadInput, "%s: want 1 to %d, not %d", name, c.limits.MaxPage, n)
		}
		page = int(n)
	}
	return page, nil
}

// argument returns the value of an argument, or nil if it is null or absent.
func (c *complexityCounter) argument(a *ast.Argument) any {
	if a == nil {
		return nil
	}
	value, _ := a.Value.Value(c.variables)
	return value
}
