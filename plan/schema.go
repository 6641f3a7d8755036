package plan

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Encoder appends the answer to an operation, whose plan has a root. It calls Abandon where there is an error.
type Encoder func(ctx context.Context, operation *graphql.OperationContext, p *Plan, answer []byte) []byte

// Schema answers queries by an encoder where their plans allow it, and else as the schema that it is made of.
type Schema struct {
	graphql.ExecutableSchema
	encode   Encoder
	unserved map[string]bool
	columns  map[string]Columns
	reading  func(Columns) func(context.Context) context.Context
	plans    *Cache[key, *kept]
}

// key names a plan: an operation and the values of its Boolean variables, which @skip and @include may ask for.
type key struct {
	operation *ast.OperationDefinition
	booleans  string
}

// kept is a plan with how long its last answer was: the next one is likely as long.
type kept struct {
	plan   *Plan
	length atomic.Int64
}

const (
	// planMemory is how many bytes plans may take, fieldSize how many one of their fields takes with its parsed form.
	planMemory = 32 << 20
	fieldSize  = 512
	// planSize is what a plan takes without its fields, with what readers work out for it.
	planSize = 8 << 10
)

// NewSchema makes a schema whose queries are answered by an encoder, but for the fields, as Type.field, that it does
// not serve; columns are those that a field is answered from, and reading has what makes a context one in which no others
// are read.
func NewSchema(executor graphql.ExecutableSchema, encode Encoder, unserved map[string]bool, columns map[string]Columns, reading func(Columns) func(context.Context) context.Context) *Schema {
	cost := func(_ key, k *kept) int { return planSize + k.plan.fields*fieldSize }
	return &Schema{executor, encode, unserved, columns, reading, NewCache(planMemory, cost)}
}

type executorKey struct{}

// ByExecutor returns a context in which the executor answers what the encoder could: its interceptors of fields, such as
// those that trace, see what it does.
func ByExecutor(ctx context.Context) context.Context {
	return context.WithValue(ctx, executorKey{}, true)
}

// Exec answers an operation. What the encoder abandons the executor answers from the beginning, errors and all: the
// request's loaders have by then what was read.
func (s *Schema) Exec(ctx context.Context) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Query || ctx.Value(executorKey{}) != nil {
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

type inTurnKey struct{}

// InTurn tells whether the fields of an answer are worked out one after the other, so that whoever reads a record has no
// others to wait for who may ask for one at the same time.
func InTurn(ctx context.Context) bool { return ctx.Value(inTurnKey{}) != nil }

type aheadKey struct{}

// Ahead returns a context for the resolver of an object that is found by its id: ask requests the first list that the answer
// has of the object, which is still empty, so that both may be read at once.
func Ahead(ctx context.Context, ask func(ctx context.Context, object any)) context.Context {
	return context.WithValue(ctx, aheadKey{}, ask)
}

// AskAhead returns what Ahead was given; nil where that was nothing.
func AskAhead(ctx context.Context) func(ctx context.Context, object any) {
	ask, _ := ctx.Value(aheadKey{}).(func(context.Context, any))
	return ask
}

// abandoned is what Abandon panics with.
type abandoned struct{}

// Abandon ends an encoder that cannot go on. It does not return.
func Abandon() { panic(abandoned{}) }

// answer encodes an operation's answer; nil where it is the executor's to give. A panic in a resolver is one such case:
// the executor will meet it again, and report it.
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
	// Errors that a resolver adds beside its result are only looked for: the executor presents them.
	ctx = graphql.WithResponseContext(ctx, graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	ctx = context.WithValue(k.plan.reading(ctx), inTurnKey{}, true)
	length := int(k.length.Load())
	answer = s.encode(ctx, operation, k.plan, make([]byte, 0, length+length/16+1024))
	if graphql.GetErrors(ctx) != nil {
		return nil
	}
	k.length.Store(int64(len(answer)))
	return answer
}

// planOf finds an operation's plan, or makes it.
func (s *Schema) planOf(ctx context.Context, operation *graphql.OperationContext) *kept {
	name := key{operation: operation.Operation, booleans: booleans(operation)}
	k, ok := s.plans.Get(ctx, name)
	if !ok {
		k = &kept{plan: s.compile(operation)}
		s.plans.Add(ctx, name, k)
	}
	return k
}

// booleans writes the values of an operation's Boolean variables in the order of their definitions.
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
