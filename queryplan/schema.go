package queryplan

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
)

// Encoder appends the data of the answer to an operation whose plan has a root. It returns nil if the data is null.
type Encoder func(ctx context.Context, e *Execution, operation *graphql.OperationContext, p *Plan, answer []byte) []byte

// Schema answers queries with an encoder if their plans allow it, and with the embedded executor otherwise.
type Schema struct {
	graphql.ExecutableSchema
	encode      Encoder
	unsupported map[string]bool
	columns     map[string]db.Columns
	tracer      trace.Tracer
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
// columns are the columns that each field needs. In a context whose span is recorded, tracer makes a span of each
// resolver's call; it may be nil.
func NewSchema(executor graphql.ExecutableSchema, encode Encoder, unsupported map[string]bool, columns map[string]db.Columns, tracer trace.Tracer) *Schema {
	size := func(_ key, k *cachedPlan) int { return planSize + k.plan.fields*fieldSize }
	return &Schema{executor, encode, unsupported, columns, tracer, NewCache(planMemory, size)}
}

// Exec answers an operation. If the executor answers it after the encoder, the request's loaders have cached the records
// read so far.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	if operation.Operation.Operation != ast.Query {
		return s.ExecutableSchema.Exec(ctx)
	}
	k := s.planOf(ctx, operation)
	if k.plan.Root == nil {
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
		done = true
		if answer := s.answer(ctx, operation, k); answer != nil {
			return answer
		}
		executed = s.ExecutableSchema.Exec(ctx)
		return executed(ctx)
	}
}

// answer encodes an operation's answer. It returns nil for a panic outside of the calls of resolvers, such as in a method
// of a record: only the executor can continue with the next field.
func (s *Schema) answer(ctx context.Context, operation *graphql.OperationContext, k *cachedPlan) (answer *graphql.Response) {
	defer func() {
		if recover() != nil {
			answer = nil
		}
	}()
	execution := &Execution{operation: operation}
	if s.tracer != nil && trace.SpanFromContext(ctx).IsRecording() {
		execution.tracer = s.tracer
	}
	ctx = graphql.WithFreshResponseContext(ctx)
	length := int(k.length.Load())
	data := s.encode(ctx, execution, operation, k.plan, make([]byte, 0, length+length/16+1024))
	if data == nil {
		data = []byte(null)
	} else {
		k.length.Store(int64(len(data)))
	}
	return &graphql.Response{Data: data, Errors: graphql.GetErrors(ctx)}
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
