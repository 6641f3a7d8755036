package queryplan

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/trace"
)

// null is the JSON null.
const null = "null"

// Execution holds the state of an encoder that answers one operation. Errors are recorded in the response of its
// contexts, as the executor records them: presented, with the path and the location of their field. The fields are
// encoded one after another: an Execution must not be used concurrently.
type Execution struct {
	operation *graphql.OperationContext
	// path leads to the current field: a step for each object around it.
	path []step
	// tracer makes a span of each resolver's call; nil if the operation is not traced.
	tracer trace.Tracer
	// span is the span of the resolver that runs; nil if there is none.
	span trace.Span
	// prefetching is set while lists of an object without values are requested. Their errors and spans are left to the
	// encoding of the object.
	prefetching bool
}

// step is a part of a path: the index of a field in the selection of an object, with the index of the current element if
// its value is a list.
type step struct {
	selection *Selection
	field     int
	// element is -1 outside of a list.
	element int
}

// current returns the field of a step.
func (s step) current() *Field { return &s.selection.Fields[s.field] }

// Open begins an object with a selection; an encoder calls Field for each of its fields, and then Close. Each field is
// encoded, so that each error is reported.
func (e *Execution) Open(s *Selection) { e.path = append(e.path, step{selection: s, element: -1}) }

// Field begins the field with an index in the selection.
func (e *Execution) Field(i int) { e.path[len(e.path)-1].field = i }

// Close ends the object that was opened last.
func (e *Execution) Close() { e.path = e.path[:len(e.path)-1] }

// List appends a list of n elements, the value of the current field, to b. encode appends an element, or returns nil
// for null. List returns nil if the list must be null, because a non-null element is.
func (e *Execution) List(b []byte, n int, encode func(b []byte, i int) []byte) []byte {
	at := len(e.path) - 1
	nonNull, invalid := e.path[at].current().nonNullElements, false
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		e.path[at].element = i
		element := encode(b, i)
		if element == nil {
			element = append(b, null...)
			invalid = invalid || nonNull
		}
		b = element
	}
	e.path[at].element = -1
	if invalid {
		return nil
	}
	return append(b, ']')
}

// Begin returns the context for a call of the current field's resolver: with a span if the operation is traced, and
// with a FieldContext if it is a field of the root. Other resolvers have the FieldContext of the root's field, so they
// return their errors instead of adding them to the context. Call ends the span.
func (e *Execution) Begin(ctx context.Context) context.Context {
	if e.tracer == nil && len(e.path) > 1 {
		return ctx
	}
	return e.begin(ctx)
}

func (e *Execution) begin(ctx context.Context) context.Context {
	if len(e.path) == 1 {
		ctx = e.FieldContext(ctx)
	}
	if e.tracer != nil && !e.prefetching {
		f := e.path[len(e.path)-1].current()
		ctx, e.span = startSpan(ctx, e.tracer, f.object, f.collected.Name)
	}
	return ctx
}

// Call returns the result of a call for the value of the current field; false, and records the error, if it returns an
// error or panics.
func Call[T any](ctx context.Context, e *Execution, call func() (T, error)) (value T, ok bool) {
	depth := len(e.path)
	defer func() {
		if cause := recover(); cause != nil {
			e.path = e.path[:depth]
			e.panicked(ctx, cause)
		}
	}()
	result, err := call()
	if err != nil {
		e.failed(ctx, err)
		return value, false
	}
	if e.span != nil && !e.prefetching {
		e.endSpan(nil)
	}
	return result, true
}

// failed records an error of the current field.
func (e *Execution) failed(ctx context.Context, err error) {
	if e.prefetching {
		return
	}
	e.endSpan(err)
	ctx = e.FieldContext(ctx)
	e.operation.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
}

// endSpan ends the span of the resolver that runs, if any.
func (e *Execution) endSpan(err error) {
	if e.span != nil {
		endSpan(e.span, err)
		e.span = nil
	}
}

// Unexpected records that the current field, or the current element of its list, has a value of no type of the schema.
func (e *Execution) Unexpected(ctx context.Context, value any) {
	e.panicked(ctx, fmt.Errorf("unexpected type %T", value))
}

// panicked records a panic as an error of the current field. It is called while the stack has its cause.
func (e *Execution) panicked(ctx context.Context, cause any) {
	if e.prefetching {
		return
	}
	ctx = e.FieldContext(ctx)
	err := e.operation.Recover(ctx, cause)
	e.endSpan(err)
	e.operation.Error(ctx, err)
}

// Invalid records an error of the current field, or of the current element of its list, unless it has one.
func (e *Execution) Invalid(ctx context.Context, message string) {
	if e.prefetching {
		return
	}
	ctx = e.FieldContext(ctx)
	if !graphql.HasFieldError(ctx, graphql.GetFieldContext(ctx)) {
		graphql.AddErrorf(ctx, "%s", message)
	}
}

// Prefetch calls request, which encodes an object without values.
func (e *Execution) Prefetch(request func()) {
	e.prefetching = true
	defer func() { e.prefetching = false }()
	request()
}

// FieldContext returns a context with the FieldContext of the current field, or of the current element of its list, as
// the executor makes them.
func (e *Execution) FieldContext(ctx context.Context) context.Context {
	chain := make([]graphql.FieldContext, 0, 2*len(e.path))
	var parent *graphql.FieldContext
	for _, s := range e.path {
		chain = append(chain, graphql.FieldContext{Parent: parent, Object: s.current().object, Field: s.current().collected})
		parent = &chain[len(chain)-1]
		if s.element >= 0 {
			chain = append(chain, graphql.FieldContext{Parent: parent, Index: &s.element})
			parent = &chain[len(chain)-1]
		}
	}
	above := parent.Parent
	ctx = graphql.WithFieldContext(ctx, parent) // it replaces the parent by the FieldContext of ctx
	parent.Parent = above
	return ctx
}
