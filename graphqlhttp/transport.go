package graphqlhttp

import (
	"context"
	"errors"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/coercion"
	"usagegraph/db"
	"usagegraph/loaders"
)

// transport implements GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) for GET and POST, with
// Apollo's automatic persisted queries and with trusted documents. It is the handler's only transport.
type transport struct {
	settings  Settings
	schema    *ast.Schema
	documents *documents
	persisted persistedDocuments
	trusted   trustedDocuments
	observer  Observer
	present   graphql.ErrorPresenterFunc
	// reader returns the reader for the records that the client of a request can read.
	reader func(context.Context) *db.Reader
}

// Supports accepts every request.
func (*transport) Supports(*http.Request) bool { return true }

// Do serves a request.
func (t *transport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx := r.Context()
	media, acceptable := negotiate(r.Header.Values("Accept"))
	send := func(resp *response) { t.send(ctx, w, exec, resp, media) }
	if !acceptable {
		media = mediaJSON
		send(errorResponse(http.StatusNotAcceptable, newError(string(db.BadInput), "Accept: want %s or %s", mediaResponse, mediaJSON)))
		return
	}
	if rejected := unauthenticated(ctx); rejected != nil {
		send(rejected)
		return
	}
	req, rejected := readRequest(w, r, t.settings.Limits)
	if rejected != nil {
		send(rejected)
		return
	}
	leave, rejection := t.observer.Admit(ctx)
	if rejection != nil {
		send(retryLater(rejection.Status, codeTooManyRequests, rejection.Message))
		return
	}
	defer leave()
	send(t.respond(ctx, r, req, exec))
}

// send writes a response; the executor presents the errors of one that was not executed.
func (t *transport) send(ctx context.Context, w http.ResponseWriter, exec graphql.GraphExecutor, resp *response, media string) {
	if resp.errors != nil {
		for _, err := range resp.errors {
			if limit, ok := err.Extensions["limit"].(string); ok {
				t.observer.LimitExceeded(ctx, limit)
			}
		}
		resp.executed = exec.DispatchError(ctx, resp.errors[:min(len(resp.errors), t.settings.MaxErrors)])
	}
	resp.write(w, media, t.settings.Limits)
}

// respond finds the document of a request, selects the operation and executes it. A panic outside of the resolvers is
// an internal error, as one in a resolver is.
func (t *transport) respond(ctx context.Context, r *http.Request, req *request, exec graphql.GraphExecutor) (resp *response) {
	defer func() {
		if cause := recover(); cause != nil {
			resp = errorResponse(http.StatusInternalServerError, t.present(ctx, &panicError{cause, debug.Stack()}))
		}
	}()
	hash, err := persistedHash(req)
	if err != nil {
		return errorResponse(http.StatusBadRequest, err)
	}
	text, rejected := t.documentText(ctx, req, hash)
	if rejected != nil {
		return rejected
	}
	doc, errs := t.documents.parse(ctx, text)
	if doc == nil {
		return documentErrorResponse(errs...)
	}
	operation, err := selectOperation(doc, req.operationName)
	switch {
	case err != nil:
		return errorResponse(http.StatusBadRequest, err)
	case r.Method == http.MethodGet && operation.Operation != ast.Query:
		return errorResponse(http.StatusMethodNotAllowed, newError(string(db.BadInput), "want the method POST: GET executes queries only")).
			withHeader("Allow", http.MethodPost)
	case len(errs) > 0:
		return documentErrorResponse(errs...)
	}
	t.persisted.add(hash, text)
	return t.execute(withDocument(ctx, doc), exec, &graphql.RawParams{
		Query: text, OperationName: operation.Name, Variables: req.variables, Extensions: req.extensions, Headers: r.Header,
	}, doc, t.reader(ctx).Since(req.least))
}

// documentText returns the text of the document that a request sends, or names by its hash or id.
func (t *transport) documentText(ctx context.Context, req *request, hash string) (string, *response) {
	text, found, rejected := t.trusted.find(ctx, req, hash)
	if !found && rejected == nil {
		text, rejected = t.persisted.find(req, hash)
	}
	if text == "" && rejected == nil {
		rejected = errorResponse(http.StatusBadRequest, db.Errorf(db.BadInput, "query: want a document"))
	}
	return text, rejected
}

// execute executes an operation of a valid document with a reader.
func (t *transport) execute(ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams, doc *ast.QueryDocument, reader *db.Reader) *response {
	if name := undeclaredVariable(doc, params.Variables); name != "" {
		return errorResponse(http.StatusBadRequest, db.Errorf(db.BadInput, "variables: no operation of the document declares $%s", truncate(name)))
	}
	selected := doc.Operations.ForName(params.OperationName)
	if err := t.settings.checkLists(selected, params.Variables); err != nil {
		return errorResponse(http.StatusBadRequest, err)
	}
	var invalid *gqlerror.Error
	if params.Variables, invalid = coercion.Variables(t.schema, selected, params.Variables); invalid != nil {
		return documentErrorResponse(invalid)
	}
	operation, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return documentErrorResponse(errs...)
	}
	if invalid := coercion.Arguments(operation); invalid != nil {
		return documentErrorResponse(invalid)
	}
	if err := checkComplexity(t.schema, operation.Operation, operation.Variables, t.settings.Limits); err != nil {
		return documentErrorResponse(gqlerror.WrapIfUnwrapped(err))
	}
	resp, err := answer(ctx, exec, operation, reader)
	if db.FailedOnReplica(err) {
		resp, err = answer(ctx, exec, operation, reader.FromPrimary())
	}
	var known *db.Error
	if errors.As(err, &known) && known.Code == db.BadInput {
		return errorResponse(http.StatusBadRequest, err)
	}
	return resp
}

// answer executes an operation with a reader. It returns the error of the reader with the response.
func answer(ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext, reader *db.Reader) (resp *response, err error) {
	err = reader.Answer(ctx, func(reader *db.Reader) error {
		responses, ctx := exec.DispatchOperation(loaders.New(ctx, reader), operation)
		executed := responses(ctx)
		if ctx.Err() != nil || executed == nil {
			resp = retryLater(http.StatusServiceUnavailable, codeTimeout, timeoutMessage)
		} else {
			resp = executedResponse(executed)
		}
		if resp.executed != nil {
			reader.SetRevision(resp.header)
		}
		return nil
	})
	return resp, err
}

// undeclaredVariable returns the name of a variable that no operation of the document declares, or "". The executor
// would ignore such a variable, and a filter with a misspelt name would be lost.
func undeclaredVariable(doc *ast.QueryDocument, variables map[string]any) string {
	for name := range variables {
		declared := false
		for _, operation := range doc.Operations {
			declared = declared || operation.VariableDefinitions.ForName(name) != nil
		}
		if !declared {
			return name
		}
	}
	return ""
}
