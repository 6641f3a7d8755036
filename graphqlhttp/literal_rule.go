package graphqlhttp

import (
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// around is the parser's error of an object, list or variable that holds a number that is out of range.
var around = regexp.MustCompile(`^Expected value of type ("[^"]*", found [{$]|"\[[^"]*", found \[)`)

// literals completes the parser's rule for values that are written in a document. That rule lets an object pass for an enum
// or a scalar, and a list for a custom scalar. Of a OneOf input object whose field is null it names the first field of the
// type, whichever was given; of a number that is out of range for a custom scalar, all that stands around it.
func literals(parsers core.RuleFunc) core.RuleFunc {
	return func(observers *core.Events, addError core.AddErrFunc) {
		parsers(observers, func(options ...core.ErrorOption) {
			var err gqlerror.Error
			for _, option := range options {
				option(&err)
			}
			if !strings.HasSuffix(err.Message, "must be non-null.") && !around.MatchString(err.Message) {
				addError(options...)
			}
		})
		observers.OnValue(func(_ *core.Walker, v *ast.Value) {
			if v.Definition == nil || v.ExpectedType == nil {
				return
			}
			if found := misplaced(v); found != "" {
				addError(core.Message(`Expected value of type "%s", found %s.`, v.ExpectedType, found), core.At(v.Position))
			}
			if v.Kind == ast.ObjectValue && len(v.Children) == 1 && v.Definition.Directives.ForName("oneOf") != nil && v.Children[0].Value.Kind == ast.NullValue {
				addError(core.Message(`Field "%s.%s" must not be null.`, v.Definition.Name, v.Children[0].Name), core.At(v.Children[0].Value.Position))
			}
		})
	}
}

// misplaced returns what a value is that cannot stand where it does; empty where it can, or the parser's rule says so.
func misplaced(v *ast.Value) string {
	custom := v.Definition.Kind == ast.Scalar && !v.Definition.BuiltIn
	switch {
	case v.Kind == ast.ObjectValue && v.Definition.Kind != ast.InputObject:
		return "an object"
	case v.Kind == ast.ListValue && v.ExpectedType.Elem == nil && custom:
		return "a list"
	case (v.Kind == ast.IntValue || v.Kind == ast.FloatValue) && custom:
		if _, err := v.Value(nil); err != nil {
			return v.Raw
		}
	}
	return ""
}
