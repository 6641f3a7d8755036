package queryplan

import (
	"context"

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

// Object appends an object with the selected fields to b. encode appends the value of a field, or returns nil for null.
// All fields are encoded, so that each of their errors is reported. Object returns nil if the object must be null,
// because a non-null field is.
func (e *Execution) Object(ctx context.Context, b []byte, s *Selection, encode func(b []byte, f *Field) []byte) []byte {
	e.path = append(e.path, step{selection: s, element: -1})
	b = e.fields(ctx, append(b, '{'), s, 0, false, encode)
	e.path = e.path[:len(e.path)-1]
	return b
}

// fields completes an object with its fields from the index next on; invalid is set if a non-null field before them is
// null. A panic is an error of the field in which it occurs.
func (e *Execution) fields(ctx context.Context, b []byte, s *Selection, next int, invalid bool, encode func(b []byte, f *Field) []byte) (answer []byte) {
	depth := len(e.path)
	defer func() {
		if cause := recover(); cause != nil {
			e.path = e.path[:depth]
			e.panicked(ctx, cause)
			e.path[depth-1].element = -1
			answer = e.fields(ctx, append(b, null...), s, next+1, invalid || s.Fields[next].nonNull, encode)
		}
	}()
	for ; next < len(s.Fields); next++ {
		f := &s.Fields[next]
		e.path[depth-1].field = next
		b = append(b, f.Key...)
		value := encode(b, f)
		if value == nil {
			value = append(b, null...)
			invalid = invalid || f.nonNull
		}
		b = value
	}
	if invalid {
		return nil
	}
	return append(b, '}')
}

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
// return their errors instead of adding them to the context. Failed must be called with the resolver's error.
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

// Failed reports whether a call for the value of the current field returned an error, and records it.
func (e *Execution) Failed(ctx context.Context, err error) bool {
	if err == nil && e.span == nil {
		return false
	}
	return e.failed(ctx, err)
}

func (e *Execution) failed(ctx context.Context, err error) bool {
	if e.prefetching {
		return err != nil
	}
	e.endSpan(err)
	if err == nil {
		return false
	}
	ctx = e.FieldContext(ctx)
	e.operation.Error(ctx, graphql.AddFieldLocationToError(ctx, err))
	return true
}

// endSpan ends the span of the resolver that runs, if any.
func (e *Execution) endSpan(err error) {
	if e.span != nil {
		endSpan(e.span, err)
		e.span = nil
	}
}

// panicked records a panic as an error of the current field.
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
