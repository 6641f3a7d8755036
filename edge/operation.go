package edge

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// operationName is the gqlgen extension that tells the exchange which operation runs.
type operationName struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
} = operationName{}

// ExtensionName is its name among gqlgen's extensions.
func (operationName) ExtensionName() string { return "OperationName" }

// Validate accepts every schema.
func (operationName) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptOperation notes the name that the client gave the operation; one without a name is anonymous.
func (operationName) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	x := exchangeOf(ctx)
	x.operation = "anonymous"
	if o := graphql.GetOperationContext(ctx).Operation; o != nil && o.Name != "" {
		x.operation = o.Name
	}
	return next(ctx)
}
