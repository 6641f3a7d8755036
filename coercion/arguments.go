package coercion

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// Arguments returns a BAD_USER_INPUT error if a variable is null where an argument, or a part of one, has a non-null
// type. The GraphQL specification allows a variable of a nullable type with a default there, and a request can still
// set it to null. The error fails the whole request, so it does not depend on the records found. Selections that @skip
// and @include exclude are not checked.
func Arguments(operation *graphql.OperationContext) *gqlerror.Error {
	if !slices.ContainsFunc(operation.Operation.VariableDefinitions, func(v *ast.VariableDefinition) bool {
		value, given := operation.Variables[v.Variable]
		return given && value == nil
	}) {
		return nil
	}
	a := argumentChecker{operation.Variables, map[string]bool{}}
	return a.selections(nil, operation.Operation.SelectionSet)
}

// argumentChecker checks the arguments of an operation.
type argumentChecker struct {
	variables map[string]any
	// checked contains the names of the fragments that are already checked.
	checked map[string]bool
}

func (a *argumentChecker) selections(path ast.Path, set ast.SelectionSet) *gqlerror.Error {
	for _, selection := range set {
		if err := a.selection(path, selection); err != nil {
			return err
		}
	}
	return nil
}

func (a *argumentChecker) selection(path ast.Path, selection ast.Selection) *gqlerror.Error {
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

// includes reports whether @skip and @include include a selection. It returns an error for a null condition.
func (a *argumentChecker) includes(directives ast.DirectiveList) (bool, *gqlerror.Error) {
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

// value checks a value of a validated document; the validator has set its ExpectedType.
func (a *argumentChecker) value(path ast.Path, v *ast.Value) *gqlerror.Error {
	switch v.Kind {
	case ast.Variable:
		if value, given := a.variables[v.Raw]; v.ExpectedType.NonNull && given && value == nil {
			return badInput(path, v, "%s: want a value, not null: $%s is null", v.ExpectedType, v.Raw)
		}
	case ast.ListValue:
		for i, element := range v.Children {
			if err := a.value(append(path, ast.PathIndex(i)), element.Value); err != nil {
				return err
			}
		}
	case ast.ObjectValue:
		if v.ExpectedType.Elem != nil { // a single value in place of a list
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

// badInput returns a BAD_USER_INPUT error at the location of a value.
func badInput(path ast.Path, v *ast.Value, format string, args ...any) *gqlerror.Error {
	err := gqlerror.ErrorPosf(v.Position, format, args...)
	err.Path = slices.Clone(path)
	errcode.Set(err, string(db.BadInput))
	return err
}
