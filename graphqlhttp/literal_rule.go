package graphqlhttp

import (
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// containerError matches the parser's error for an object, list or variable that contains a number out of range.
var containerError = regexp.MustCompile(`^Expected value of type ("[^"]*", found [{$]|"\[[^"]*", found \[)`)

// literalRule returns the parser's rule for literal values with four corrections. The parser's rule accepts an object
// for an enum or a scalar, and a list for a custom scalar. If the field of a OneOf input object is null, its error
// names the first field of the type instead of the given one. For a number out of range of a custom scalar, its error
// names the objects and lists around the number.
func literalRule(parserRule core.RuleFunc) core.RuleFunc {
	return func(observers *core.Events, addError core.AddErrFunc) {
		parserRule(observers, func(options ...core.ErrorOption) {
			var err gqlerror.Error
			for _, option := range options {
				option(&err)
			}
			if !strings.HasSuffix(err.Message, "must be non-null.") && !containerError.MatchString(err.Message) {
				addError(options...)
			}
		})
		observers.OnValue(func(_ *core.Walker, v *ast.Value) {
			if v.Definition == nil || v.ExpectedType == nil {
				return
			}
			if found := invalidLiteral(v); found != "" {
				addError(core.Message(`Expected value of type "%s", found %s.`, v.ExpectedType, found), core.At(v.Position))
			}
			if v.Kind == ast.ObjectValue && len(v.Children) == 1 && v.Definition.Directives.ForName("oneOf") != nil && v.Children[0].Value.Kind == ast.NullValue {
				addError(core.Message(`Field "%s.%s" must not be null.`, v.Definition.Name, v.Children[0].Name), core.At(v.Children[0].Value.Position))
			}
		})
	}
}

// invalidLiteral describes a value that does not match its type and that the parser's rule accepts; it returns "" for
// any other value.
func invalidLiteral(v *ast.Value) string {
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
