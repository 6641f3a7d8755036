package graphqlhttp

import (
	"context"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/coercion"
	"usagegraph/db"
)

// transport is GraphQL over HTTP, by GET and POST, as https://graphql.github.io/graphql-over-http/draft/ describes it,
// with Apollo's automatic persisted queries and with trusted documents. It takes every request: there is no other.
type transport struct {
	settings  Settings
	schema    *ast.Schema
	documents *documents
	persisted persisted
	trusted   trusted
	observer  Observer
	present   graphql.ErrorPresenterFunc
}

// Supports says that every request is for this transport.
func (*transport) Supports(*http.Request) bool { return true }

// Do answers a request.
func (t *transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx := r.Context()
	media, acceptable := negotiate(r.Header.Values("Accept"))
	if !acceptable {
		t.send(ctx, w, exec, problem(http.StatusNotAcceptable, failed(string(db.BadInput), "answers are %s or %s", mediaResponse, mediaJSON)), mediaJSON)
		return
	}
	if refused := unidentified(ctx); refused != nil {
		t.send(ctx, w, exec, refused, media)
		return
	}
	asked, refused := t.settings.read(w, r)
	if refused != nil {
		t.send(ctx, w, exec, refused, media)
		return
	}
	leave, busy := t.observer.Admit(ctx)
	if busy != nil {
		t.send(ctx, w, exec, later(busy.Status, codeBusy, busy.Message), media)
		return
	}
	defer leave()
	t.send(ctx, w, exec, t.answer(ctx, r, asked, exec), media)
}

// send has the errors of a refusal presented, and writes the answer.
func (t *transport) send(ctx context.Context, w http.ResponseWriter, exec graphql.GraphExecutor, a *answer, media string) {
	if a.errors != nil {
		for _, err := range a.errors {
			if limit, ok := err.Extensions["limit"].(string); ok {
				t.observer.LimitExceeded(ctx, limit)
			}
		}
		a.response = exec.DispatchError(ctx, a.errors[:min(len(a.errors), t.settings.MaxErrors)])
	}
	a.write(w, media, t.settings.Limits)
}

// answer answers what was asked. A panic, which is not a resolver's, is an internal error like theirs.
func (t *transport) answer(ctx context.Context, r *http.Request, asked *request, exec graphql.GraphExecutor) (a *answer) {
	defer func() {
		if cause := recover(); cause != nil {
			a = problem(http.StatusInternalServerError, t.present(ctx, &panicError{cause, debug.Stack()}))
		}
	}()
	hash, err := hashOf(asked)
	if err != nil {
		return problem(http.StatusBadRequest, err)
	}
	text, refused := t.text(ctx, asked, hash)
	if refused != nil {
		return refused
	}
	doc, errs := t.documents.read(ctx, text)
	if doc == nil {
		return documentProblem(errs)
	}
	operation, err := choose(doc, asked.operationName)
	switch {
	case err != nil:
		return problem(http.StatusBadRequest, err)
	case r.Method == http.MethodGet && operation.Operation != ast.Query:
		return problem(http.StatusMethodNotAllowed, failed(string(db.BadInput), "GET is for queries")).with("Allow", http.MethodPost)
	case len(errs) > 0:
		return documentProblem(errs)
	}
	t.persisted.keep(hash, text)
	return t.execute(withDocument(ctx, doc), exec, &graphql.RawParams{
		Query: text, OperationName: operation.Name, Variables: asked.variables, Extensions: asked.extensions, Headers: r.Header,
	}, doc)
}

// text is the document that a request asks for, by its text, its hash or its id.
func (t *transport) text(ctx context.Context, asked *request, hash string) (string, *answer) {
	text, found, refused := t.trusted.find(ctx, asked, hash)
	if !found && refused == nil {
		text, refused = t.persisted.find(asked, hash)
	}
	if text == "" && refused == nil {
		refused = problem(http.StatusBadRequest, db.Errorf(db.BadInput, "query: want a document"))
	}
	return text, refused
}

// execute runs an operation of a good document.
func (t *transport) execute(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams, doc *ast.QueryDocument) *answer {
	if name := unknownVariable(doc, params.Variables); name != "" {
		return problem(http.StatusBadRequest, db.Errorf(db.BadInput, "variables: no operation of the document has $%s", clip(name)))
	}
	chosen := doc.Operations.ForName(params.OperationName)
	if err := t.settings.lists(chosen, params.Variables); err != nil {
		return problem(http.StatusBadRequest, err)
	}
	var wrong *gqlerror.Error
	if params.Variables, wrong = coercion.Variables(t.schema, chosen, params.Variables); wrong != nil {
		return documentProblem(gqlerror.List{wrong})
	}
	operation, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return documentProblem(errs)
	}
	if wrong := coercion.Arguments(operation); wrong != nil {
		return documentProblem(gqlerror.List{wrong})
	}
	if err := t.settings.price(t.schema, operation.Operation, operation.Variables); err != nil {
		return documentProblem(gqlerror.List{gqlerror.WrapIfUnwrapped(err)})
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	response := responses(ctx)
	if ctx.Err() != nil || response == nil {
		return later(http.StatusServiceUnavailable, codeTimeout, tooSlow)
	}
	return executed(response)
}

// unknownVariable returns the name of a variable that no operation of a document has: it would be dropped, and a filter
// with it.
func unknownVariable(doc *ast.QueryDocument, variables map[string]any) string {
	for name := range variables {
		known := false
		for _, operation := range doc.Operations {
			known = known || operation.VariableDefinitions.ForName(name) != nil
		}
		if !known {
			return name
		}
	}
	return ""
}
