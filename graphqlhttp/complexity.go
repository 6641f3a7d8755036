package graphqlhttp

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// extent is how much a selection holds once its fragments are expanded.
type extent struct {
	// fields, aliases and directives are how many there are; width is how many fields there are at its own level.
	fields, aliases, directives, width int
	// depth is how deep fields nest, fragments how deep fragments do, and lists how deep those lists that lead from types
	// of a schema to other types.
	depth, fragments, lists int
}

// boundless is what a sum is that grows beyond it: forty fragments that double are more than a number can say.
const boundless = 1 << 30

func plus(a, b int) int { return min(a+b, boundless) }

// and adds what stands beside it, at the same level.
func (e extent) and(o extent) extent {
	return extent{plus(e.fields, o.fields), plus(e.aliases, o.aliases), plus(e.directives, o.directives), plus(e.width, o.width),
		max(e.depth, o.depth), max(e.fragments, o.fragments), max(e.lists, o.lists)}
}

// measurer measures a document before anything else looks at it: each fragment once, however often it is spread. Its
// work is in proportion to the tokens.
type measurer struct {
	settings  Settings
	fragments map[string]*ast.FragmentDefinition
	measured  map[string]extent
	open      map[string]bool
}

// measure holds a document to the limits. What it finds wrong is an error of the one limit.
func measure(doc *ast.QueryDocument, s Settings) error {
	m := measurer{s, map[string]*ast.FragmentDefinition{}, map[string]extent{}, map[string]bool{}}
	for _, f := range doc.Fragments {
		m.fragments[f.Name] = f
	}
	for _, f := range doc.Fragments {
		if _, err := m.fragment(f.Name); err != nil {
			return err
		}
	}
	for _, operation := range doc.Operations {
		if err := m.operation(operation); err != nil {
			return err
		}
	}
	return nil
}

func (m *measurer) operation(operation *ast.OperationDefinition) error {
	all, err := m.selections(operation.SelectionSet)
	if err != nil {
		return err
	}
	own, err := m.directives(operation.Directives)
	if err != nil {
		return err
	}
	all = all.and(own)
	for _, v := range operation.VariableDefinitions {
		if err := m.value(v.DefaultValue, m.settings.MaxNesting); err != nil {
			return err
		}
		if own, err = m.directives(v.Directives); err != nil {
			return err
		}
		all = all.and(own)
	}
	return m.settings.holds(all)
}

// holds returns an error for an operation that is beyond a limit.
func (l Limits) holds(all extent) error {
	for _, limit := range []struct {
		name, message string
		has, most     int
	}{
		{"fields", "an operation selects at most %d fields, its fragments expanded", all.fields, l.MaxFields},
		{"depth", "an operation's fields nest at most %d deep", all.depth, l.MaxDepth},
		{"nesting", "an operation's fragments nest at most %d deep", all.fragments, l.MaxNesting},
		{"aliases", "an operation has at most %d aliases, its fragments expanded", all.aliases, l.MaxAliases},
		{"root_fields", "an operation selects at most %d fields of its root type", all.width, l.MaxRootFields},
		{"directives", "an operation has at most %d directives, its fragments expanded", all.directives, l.MaxDirectives},
	} {
		if limit.has > limit.most {
			return exceeded(limit.name, limit.message, limit.most)
		}
	}
	return nil
}

func (m *measurer) selections(set ast.SelectionSet) (extent, error) {
	var sum extent
	for _, selection := range set {
		one, err := m.selection(selection)
		if err != nil {
			return sum, err
		}
		sum = sum.and(one)
	}
	return sum, nil
}

func (m *measurer) selection(selection ast.Selection) (extent, error) {
	var directives ast.DirectiveList
	var inside extent
	var err error
	switch s := selection.(type) {
	case *ast.Field:
		directives = s.Directives
		inside, err = m.field(s)
	case *ast.InlineFragment:
		directives = s.Directives
		inside, err = m.selections(s.SelectionSet)
		inside.fragments++
	case *ast.FragmentSpread:
		directives = s.Directives
		inside, err = m.fragment(s.Name)
		inside.fragments++
	}
	if err != nil {
		return inside, err
	}
	own, err := m.directives(directives)
	return inside.and(own), err
}

// fragment measures a fragment; the validator will say where there is none of that name.
func (m *measurer) fragment(name string) (extent, error) {
	inside, known := m.measured[name]
	definition := m.fragments[name]
	if known || definition == nil {
		return inside, nil
	}
	if m.open[name] {
		return inside, exceeded("depth", "a fragment spreads itself, and so has no end")
	}
	m.open[name] = true
	inside, err := m.selections(definition.SelectionSet)
	if err != nil {
		return inside, err
	}
	own, err := m.directives(definition.Directives)
	inside = inside.and(own)
	m.measured[name] = inside
	return inside, err
}

func (m *measurer) field(f *ast.Field) (extent, error) {
	inside, err := m.selections(f.SelectionSet)
	if err == nil {
		err = m.arguments(f.Arguments)
	}
	if err == nil && (len(f.Alias) > maxEcho || len(f.Name) > maxEcho) {
		err = exceeded("name", "a name has at most %d bytes", maxEcho)
	}
	if err != nil {
		return inside, err
	}
	if f.Name == "__schema" || f.Name == "__type" {
		inside, err = m.introspection(f, inside)
	}
	if f.Alias != f.Name {
		inside.aliases = plus(inside.aliases, 1)
	}
	if toOtherTypes[f.Name] {
		inside.lists++
	}
	inside.fields, inside.depth, inside.width = plus(inside.fields, 1), inside.depth+1, 1
	return inside, err
}

func (m *measurer) directives(list ast.DirectiveList) (extent, error) {
	for _, d := range list {
		if err := m.arguments(d.Arguments); err != nil {
			return extent{}, err
		}
	}
	return extent{directives: len(list)}, nil
}

func (m *measurer) arguments(list ast.ArgumentList) error {
	for _, a := range list {
		if err := m.value(a.Value, m.settings.MaxNesting); err != nil {
			return err
		}
	}
	return nil
}

// value holds a value that is written in the document to the limits of those in variables.
func (m *measurer) value(v *ast.Value, nesting int) error {
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
		return m.settings.tooNested()
	case len(v.Children) > m.settings.MaxList:
		return m.settings.tooMany(m.settings.MaxList)
	}
	for _, child := range v.Children {
		if err := m.value(child.Value, nesting); err != nil {
			return err
		}
	}
	return nil
}
