package graphqlhttp

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// response is an HTTP response of the GraphQL endpoint.
type response struct {
	// status is the HTTP status with application/graphql-response+json. With application/json the status of document
	// errors is 200, as GraphQL over HTTP requires.
	status         int
	documentErrors bool
	header         http.Header
	// errors are the errors of a request that was not executed; such a response has no data.
	errors   gqlerror.List
	executed *graphql.Response
}

// errorResponse returns a response with the errors of a request.
func errorResponse(status int, errs ...error) *response {
	r := &response{status: status, header: http.Header{}}
	for _, err := range errs {
		r.errors = append(r.errors, gqlerror.WrapIfUnwrapped(err))
	}
	return r
}

// documentErrorResponse returns a response with the errors of a document.
func documentErrorResponse(errs ...*gqlerror.Error) *response {
	return &response{status: http.StatusBadRequest, documentErrors: true, header: http.Header{}, errors: errs}
}

func (r *response) withHeader(name, value string) *response {
	r.header.Set(name, value)
	return r
}

// retryLater returns an error response with the header Retry-After.
func retryLater(status int, code, message string) *response {
	return errorResponse(status, newError(code, "%s", message)).withHeader("Retry-After", strconv.Itoa(db.RetryAfter))
}

// retryCodes are the codes of field errors that fail the whole request, so that a client never takes part of the
// records for all of them.
var retryCodes = []string{codeTimeout, codeTooManyRequests, string(db.Unavailable)}

// executedResponse returns the response for an executed operation. It sorts the errors by path: the executor runs
// resolvers concurrently, and the errors beyond MaxErrors must always be the same.
func executedResponse(executed *graphql.Response) *response {
	for _, err := range executed.Errors {
		if code, _ := err.Extensions["code"].(string); slices.Contains(retryCodes, code) {
			resp := retryLater(http.StatusServiceUnavailable, code, err.Message)
			switch code {
			case codeTooManyRequests:
				resp.errors[0].Extensions["limit"] = "expensive_filters"
			case string(db.Unavailable):
				resp.errors[0].Err = err.Err // for the log
			}
			return resp
		}
	}
	slices.SortStableFunc(executed.Errors, func(a, b *gqlerror.Error) int {
		return slices.CompareFunc(a.Path, b.Path, comparePathElements)
	})
	return &response{status: http.StatusOK, header: http.Header{}, executed: executed}
}

// comparePathElements orders indices of lists by number and names of fields alphabetically, indices first.
func comparePathElements(a, b ast.PathElement) int {
	i, isIndex := a.(ast.PathIndex)
	j, areIndices := b.(ast.PathIndex)
	switch {
	case isIndex && areIndices:
		return cmp.Compare(i, j)
	case isIndex:
		return -1
	case areIndices:
		return 1
	}
	return cmp.Compare(a.(ast.PathName), b.(ast.PathName))
}

// write writes the response: first the errors, then the data as the executor encoded them. It ignores write errors,
// which mean that the client has closed the connection.
func (r *response) write(w http.ResponseWriter, media string, limits Limits) {
	header := w.Header()
	for name, values := range r.header {
		header[name] = values
	}
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	if r.documentErrors && media == mediaJSON {
		r.status = http.StatusOK
	}
	before, after := "{", "}"
	if errs := r.executed.Errors; len(errs) > 0 {
		text, _ := json.Marshal(errs[:min(len(errs), limits.MaxErrors)])
		before += `"errors":` + string(text)
		if r.errors == nil {
			before += ","
		}
	}
	if len(r.executed.Extensions) > 0 {
		text, _ := json.Marshal(r.executed.Extensions)
		after = `,"extensions":` + string(text) + "}"
	}
	w.WriteHeader(r.status)
	w.Write([]byte(before))
	if r.errors == nil {
		w.Write([]byte(`"data":`))
		w.Write(r.executed.Data)
	}
	w.Write([]byte(after))
}
