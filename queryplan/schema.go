package queryplan

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// Encoder appends the answer to an operation whose plan has a root. It calls FallBack if an error occurs.
type Encoder func(ctx context.Context, operation *graphql.OperationContext, p *Plan, answer []byte) []byte

// Schema answers queries with an encoder if their plans allow it, and with the embedded executor otherwise.
type Schema struct {
	graphql.ExecutableSchema
	encode      Encoder
	unsupported map[string]bool
	columns     map[string]db.Columns
	plans       *Cache[key, *cachedPlan]
}

// key identifies a plan: an operation and the values of its Boolean variables, on which @skip and @include may depend.
type key struct {
	operation *ast.OperationDefinition
	booleans  string
}

// cachedPlan is a plan with the length of its last answer, the initial capacity for the next one.
type cachedPlan struct {
	plan   *Plan
	length atomic.Int64
}

const (
	// planMemory is the maximum size of all cached plans in bytes, fieldSize the size of one field of a plan with its
	// parsed form.
	planMemory = 32 << 20
	fieldSize  = 512
	// planSize is the size of a plan without its fields, including the derived projection.
	planSize = 8 << 10
)

// NewSchema returns a schema that answers queries with encode, except those with unsupported fields, as Type.field.
// columns are the columns that each field needs.
func NewSchema(executor graphql.ExecutableSchema, encode Encoder, unsupported map[string]bool, columns map[string]db.Columns) *Schema {
	size := func(_ key, k *cachedPlan) int { return planSize + k.plan.fields*fieldSize }
	return &Schema{executor, encode, unsupported, columns, NewCache(planMemory, size)}
}

type withoutEncoderKey struct{}

// WithoutEncoder returns a context in which the executor answers every operation, so that field interceptors, such as
// those for tracing, run.
func WithoutEncoder(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutEncoderKey{}, true)
}

// Exec answers an operation. If the encoder falls back, the executor answers the whole operation, including its errors;
// the request's loaders have cached the records read so far.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Query || ctx.Value(withoutEncoderKey{}) != nil {
		return s.ExecutableSchema.Exec(ctx)
	}
	var executed graphql.ResponseHandler
	done := false
	return func(ctx context.Context) *graphql.Response {
		switch {
		case executed != nil:
			return executed(ctx)
		case done:
			return nil
		}
		if answer := s.answer(ctx); answer != nil {
			done = true
			return &graphql.Response{Data: answer}
		}
		executed = s.ExecutableSchema.Exec(ctx)
		return executed(ctx)
	}
}

// fallBack is the value of the panic in FallBack.
type fallBack struct{}

// FallBack ends the encoder, so that the executor answers the operation. It does not return.
func FallBack() { panic(fallBack{}) }

// answer encodes an operation's answer; nil if the executor must answer. A panic in a resolver is such a case: the
// executor will run into it again, and report it.
func (s *Schema) answer(ctx context.Context) (answer []byte) {
	defer func() {
		if recover() != nil {
			answer = nil
		}
	}()
	operation := graphql.GetOperationContext(ctx)
	k := s.planOf(ctx, operation)
	if k.plan.Root == nil {
		return nil
	}
	// Errors that a resolver adds to the context cause a fallback; the executor presents them.
	ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	length := int(k.length.Load())
	answer = s.encode(ctx, operation, k.plan, make([]byte, 0, length+length/16+1024))
	if graphql.GetErrors(ctx) != nil {
		return nil
	}
	k.length.Store(int64(len(answer)))
	return answer
}

// planOf returns the plan of an operation, from the cache or newly compiled.
func (s *Schema) planOf(ctx context.Context, operation *graphql.OperationContext) *cachedPlan {
	name := key{operation: operation.Operation, booleans: booleans(operation)}
	k, ok := s.plans.Get(ctx, name)
	if !ok {
		k = &cachedPlan{plan: s.compile(operation)}
		s.plans.Add(ctx, name, k)
	}
	return k
}

// booleans encodes the values of an operation's Boolean variables, in the order of their definitions.
func booleans(operation *graphql.OperationContext) string {
	var values []byte
	for _, v := range operation.Operation.VariableDefinitions {
		if v.Type.NamedType != "Boolean" {
			continue
		}
		switch value, given := operation.Variables[v.Variable]; {
		case !given:
			values = append(values, '?')
		case value == nil:
			values = append(values, 'n')
		case value == true:
			values = append(values, '1')
		default:
			values = append(values, '0')
		}
	}
	return string(values)
}
