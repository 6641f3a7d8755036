package graphqlhttp

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// selectionCounts counts what a selection contains with its fragments expanded.
type selectionCounts struct {
	// fields, aliases and directives are total numbers, level is the number of fields of the outermost level.
	fields, aliases, directives, level int
	// depth is the nesting of fields, fragments that of fragments, and typeLists that of the fields in typeLists.
	depth, fragments, typeLists int
}

// maxSum is the limit of sums and products of counts: a chain of 40 fragments that each spread the next twice would
// overflow them.
const maxSum = 1 << 30

func addCapped(a, b int) int { return min(a+b, maxSum) }

func multiplyCapped(a, b int) int { return int(min(int64(a)*int64(b), maxSum)) }

// add returns the counts of two selections of the same level.
func (c selectionCounts) add(d selectionCounts) selectionCounts {
	return selectionCounts{
		addCapped(c.fields, d.fields), addCapped(c.aliases, d.aliases), addCapped(c.directives, d.directives), addCapped(c.level, d.level),
		max(c.depth, d.depth), max(c.fragments, d.fragments), max(c.typeLists, d.typeLists),
	}
}

// selectionChecker counts a document before it is validated. It counts each fragment once, however often it is spread,
// so that its time is proportional to the number of tokens.
type selectionChecker struct {
	settings  Settings
	fragments map[string]*ast.FragmentDefinition
	counted   map[string]selectionCounts
	started   map[string]bool
}

// checkSelections returns the error of the first limit that a document exceeds.
func checkSelections(doc *ast.QueryDocument, s Settings) error {
	c := selectionChecker{s, map[string]*ast.FragmentDefinition{}, map[string]selectionCounts{}, map[string]bool{}}
	for _, f := range doc.Fragments {
		c.fragments[f.Name] = f
	}
	for _, f := range doc.Fragments {
		if _, err := c.fragment(f.Name); err != nil {
			return err
		}
	}
	for _, operation := range doc.Operations {
		if err := c.operation(operation); err != nil {
			return err
		}
	}
	return nil
}

func (c *selectionChecker) operation(operation *ast.OperationDefinition) error {
	total, err := c.selections(operation.SelectionSet)
	if err != nil {
		return err
	}
	own, err := c.directives(operation.Directives)
	if err != nil {
		return err
	}
	total = total.add(own)
	for _, v := range operation.VariableDefinitions {
		if err := c.value(v.DefaultValue, c.settings.MaxNesting); err != nil {
			return err
		}
		if own, err = c.directives(v.Directives); err != nil {
			return err
		}
		total = total.add(own)
	}
	return total.check(c.settings.Limits)
}

// check returns an error if the counts of an operation exceed a limit.
func (c selectionCounts) check(l Limits) error {
	for _, limit := range []struct {
		name, message string
		count, most   int
	}{
		{"fields", "an operation selects at most %d fields, its fragments expanded", c.fields, l.MaxFields},
		{"depth", "an operation's fields nest at most %d deep", c.depth, l.MaxDepth},
		{"nesting", "an operation's fragments nest at most %d deep", c.fragments, l.MaxNesting},
		{"aliases", "an operation has at most %d aliases, its fragments expanded", c.aliases, l.MaxAliases},
		{"root_fields", "an operation selects at most %d fields of its root type", c.level, l.MaxRootFields},
		{"directives", "an operation has at most %d directives, its fragments expanded", c.directives, l.MaxDirectives},
	} {
		if limit.count > limit.most {
			return limitExceeded(limit.name, limit.message, limit.most)
		}
	}
	return nil
}

func (c *selectionChecker) selections(set ast.SelectionSet) (selectionCounts, error) {
	var sum selectionCounts
	for _, selection := range set {
		one, err := c.selection(selection)
		if err != nil {
			return sum, err
		}
		sum = sum.add(one)
	}
	return sum, nil
}

func (c *selectionChecker) selection(selection ast.Selection) (selectionCounts, error) {
	var directives ast.DirectiveList
	var inside selectionCounts
	var err error
	switch s := selection.(type) {
	case *ast.Field:
		directives = s.Directives
		inside, err = c.field(s)
	case *ast.InlineFragment:
		directives = s.Directives
		inside, err = c.selections(s.SelectionSet)
		inside.fragments++
	case *ast.FragmentSpread:
		directives = s.Directives
		inside, err = c.fragment(s.Name)
		inside.fragments++
	}
	if err != nil {
		return inside, err
	}
	own, err := c.directives(directives)
	return inside.add(own), err
}

// fragment counts a fragment. An undefined fragment counts nothing: the validator reports it.
func (c *selectionChecker) fragment(name string) (selectionCounts, error) {
	inside, counted := c.counted[name]
	definition := c.fragments[name]
	if counted || definition == nil {
		return inside, nil
	}
	if c.started[name] {
		return inside, limitExceeded("depth", "a fragment spreads itself")
	}
	c.started[name] = true
	inside, err := c.selections(definition.SelectionSet)
	if err != nil {
		return inside, err
	}
	own, err := c.directives(definition.Directives)
	inside = inside.add(own)
	c.counted[name] = inside
	return inside, err
}

func (c *selectionChecker) field(f *ast.Field) (selectionCounts, error) {
	inside, err := c.selections(f.SelectionSet)
	if err == nil {
		err = c.arguments(f.Arguments)
	}
	if err == nil && (len(f.Alias) > maxEcho || len(f.Name) > maxEcho) {
		err = limitExceeded("name", "a name has at most %d bytes", maxEcho)
	}
	if err != nil {
		return inside, err
	}
	if f.Name == "__schema" || f.Name == "__type" {
		inside, err = c.introspection(f, inside)
	}
	if f.Alias != f.Name {
		inside.aliases = addCapped(inside.aliases, 1)
	}
	if typeLists[f.Name] {
		inside.typeLists++
	}
	inside.fields, inside.depth, inside.level = addCapped(inside.fields, 1), inside.depth+1, 1
	return inside, err
}

func (c *selectionChecker) directives(list ast.DirectiveList) (selectionCounts, error) {
	for _, d := range list {
		if err := c.arguments(d.Arguments); err != nil {
			return selectionCounts{}, err
		}
	}
	return selectionCounts{directives: len(list)}, nil
}

func (c *selectionChecker) arguments(list ast.ArgumentList) error {
	for _, a := range list {
		if err := c.value(a.Value, c.settings.MaxNesting); err != nil {
			return err
		}
	}
	return nil
}

// value checks a value in the document against the limits that readJSON applies to variables.
func (c *selectionChecker) value(v *ast.Value, nesting int) error {
	if v == nil {
		return nil
	}
	switch v.Kind {
	case ast.StringValue, ast.BlockValue:
		if strings.ContainsRune(v.Raw, 0) {
			return errNUL
		}
	case ast.ListValue, ast.ObjectValue:
		nesting--
	}
	switch {
	case nesting < 0:
		return c.settings.nestingExceeded()
	case len(v.Children) > c.settings.MaxList:
		return listExceeded(c.settings.MaxList)
	}
	for _, child := range v.Children {
		if err := c.value(child.Value, nesting); err != nil {
			return err
		}
	}
	return nil
}
