package edge

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
)

// literals completes the parser's rule for values that are written in a document. That rule lets an object pass for an enum
// or a scalar, and a list for a custom scalar; and of a OneOf input object whose field is null it names the first field of
// the type, whichever was given.
func literals(parsers core.RuleFunc) core.RuleFunc {
	return func(observers *core.Events, addError core.AddErrFunc) {
		parsers(observers, func(options ...core.ErrorOption) {
			var err gqlerror.Error
			for _, option := range options {
				option(&err)
			}
			if !strings.HasSuffix(err.Message, "must be non-null.") {
				addError(options...)
			}
		})
		observers.OnValue(func(_ *core.Walker, v *ast.Value) {
			if v.Definition == nil || v.ExpectedType == nil {
				return
			}
			switch input := v.Definition.Kind == ast.InputObject; {
			case v.Kind == ast.ObjectValue && !input:
				addError(core.Message(`Expected value of type "%s", found an object.`, v.ExpectedType), core.At(v.Position))
			case v.Kind == ast.ListValue && v.ExpectedType.Elem == nil && v.Definition.Kind == ast.Scalar && !v.Definition.BuiltIn:
				addError(core.Message(`Expected value of type "%s", found a list.`, v.ExpectedType), core.At(v.Position))
			case v.Kind == ast.ObjectValue && len(v.Children) == 1 && v.Definition.Directives.ForName("oneOf") != nil && v.Children[0].Value.Kind == ast.NullValue:
				addError(core.Message(`Field "%s.%s" must not be null.`, v.Definition.Name, v.Children[0].Name), core.At(v.Children[0].Value.Position))
			}
		})
	}
}
