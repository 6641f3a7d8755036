package coercion

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// Arguments returns a BAD_USER_INPUT error if an operation gives null by a variable where an argument, or a part of one, is
// of a non-null type. A variable of a nullable type with a default may stand there, and the request may still give null for
// it. The error is one of the whole request, so it does not depend on the records that are found. What @skip and @include
// leave out is not looked at.
func Arguments(operation *graphql.OperationContext) *gqlerror.Error {
	if !slices.ContainsFunc(operation.Operation.VariableDefinitions, func(v *ast.VariableDefinition) bool {
		value, given := operation.Variables[v.Variable]
		return given && value == nil
	}) {
		return nil
	}
	a := arguments{operation.Variables, map[string]bool{}}
	return a.selections(nil, operation.Operation.SelectionSet)
}

// arguments looks through the arguments of an operation.
type arguments struct {
	variables map[string]any
	// checked are the fragments that were looked at.
	checked map[string]bool
}

func (a *arguments) selections(path ast.Path, set ast.SelectionSet) *gqlerror.Error {
	for _, selection := range set {
		if err := a.selection(path, selection); err != nil {
			return err
		}
	}
	return nil
}

func (a *arguments) selection(path ast.Path, selection ast.Selection) *gqlerror.Error {
	switch s := selection.(type) {
	case *ast.Field:
		if included, err := a.includes(s.Directives); !included || err != nil {
			return err
		}
		path = append(path, ast.PathName(s.Alias))
		for _, argument := range s.Arguments {
			if err := a.value(append(path, ast.PathName(argument.Name)), argument.Value); err != nil {
				return err
			}
		}
		return a.selections(path, s.SelectionSet)
	case *ast.InlineFragment:
		if included, err := a.includes(s.Directives); !included || err != nil {
			return err
		}
		return a.selections(path, s.SelectionSet)
	case *ast.FragmentSpread:
		if included, err := a.includes(s.Directives); !included || err != nil || a.checked[s.Name] {
			return err
		}
		a.checked[s.Name] = true
		return a.selections(path, s.Definition.SelectionSet)
	}
	return nil
}

// includes reports whether @skip and @include let a selection into the answer. It returns an error for null.
func (a *arguments) includes(directives ast.DirectiveList) (bool, *gqlerror.Error) {
	included := true
	for _, d := range directives {
		argument := d.Arguments.ForName("if").Value
		condition, _ := argument.Value(a.variables)
		if condition == nil {
			path := ast.Path{ast.PathName("variable"), ast.PathName(argument.Raw)}
			return false, badInput(path, argument, "@%s(if: $%s): want true or false, not null", d.Name, argument.Raw)
		}
		included = included && condition == (d.Name == "include")
	}
	return included, nil
}

// value checks a value whose types the validation of the document has noted.
func (a *arguments) value(path ast.Path, v *ast.Value) *gqlerror.Error {
	switch v.Kind {
	case ast.Variable:
		if value, given := a.variables[v.Raw]; v.ExpectedType.NonNull && given && value == nil {
			return badInput(path, v, "%s: want a value, not null, which $%s is", v.ExpectedType, v.Raw)
		}
	case ast.ListValue:
		for i, element := range v.Children {
			if err := a.value(append(path, ast.PathIndex(i)), element.Value); err != nil {
				return err
			}
		}
	case ast.ObjectValue:
		if v.ExpectedType.Elem != nil { // one value in place of a list of one
			path = append(path, ast.PathIndex(0))
		}
		for _, member := range v.Children {
			if err := a.value(append(path, ast.PathName(member.Name)), member.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

func badInput(path ast.Path, v *ast.Value, format string, args ...any) *gqlerror.Error {
	err := gqlerror.ErrorPosf(v.Position, format, args...)
	err.Path = slices.Clone(path)
	errcode.Set(err, string(db.BadInput))
	return err
}
