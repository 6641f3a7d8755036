package graphqlhttp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"usagegraph/db"
)

// answer is what goes back to a client.
type answer struct {
	// status is what a client is told who knows application/graphql-response+json. One who does not is told 200 where
	// the errors are those of a document, as GraphQL over HTTP asks for.
	status     int
	ofDocument bool
	header     http.Header
	// errors, where there are any, are all that the answer has: they are the request's and there are no data.
	errors   gqlerror.List
	response *graphql.Response
}

// problem answers that a request cannot be answered.
func problem(status int, errs ...error) *answer {
	a := &answer{status: status, header: http.Header{}}
	for _, err := range errs {
		a.errors = append(a.errors, gqlerror.WrapIfUnwrapped(err))
	}
	return a
}

// documentProblem answers that a document cannot be answered.
func documentProblem(errs gqlerror.List) *answer {
	return &answer{status: http.StatusBadRequest, ofDocument: true, header: http.Header{}, errors: errs}
}

func (a *answer) with(header, value string) *answer {
	a.header.Set(header, value)
	return a
}

// later answers that a request should come again.
func later(status int, code, message string) *answer {
	return problem(status, failed(code, "%s", message)).with("Retry-After", strconv.Itoa(RetryAfter))
}

// unavailable are the codes for which there is no answer at all, not even of the rest: part of the records must not
// look like all of them.
var unavailable = []string{codeTimeout, string(db.Unavailable)}

// executed is the answer of an operation that ran. Fields run side by side and fail in any order; errors come in that of
// their paths, so that those beyond the limit are always the same.
func executed(response *graphql.Response) *answer {
	for _, err := range response.Errors {
		if code, _ := err.Extensions["code"].(string); slices.Contains(unavailable, code) {
			return later(http.StatusServiceUnavailable, code, err.Message)
		}
	}
	slices.SortStableFunc(response.Errors, func(a, b *gqlerror.Error) int { return slices.CompareFunc(a.Path, b.Path, byPlace) })
	return &answer{status: http.StatusOK, response: response}
}

// byPlace orders elements of paths: places in lists by number, fields by name.
func byPlace(a, b ast.PathElement) int {
	i, isIndex := a.(ast.PathIndex)
	j, areIndices := b.(ast.PathIndex)
	if isIndex && areIndices {
		return cmp.Compare(i, j)
	}
	return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b))
}

// write sends an answer: errors first, and data only where an operation ran, as they came from the executor. A client
// that is gone by then is nobody to tell.
func (a *answer) write(w http.ResponseWriter, media string, limits Limits) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	if a.ofDocument && media == mediaJSON {
		a.status = http.StatusOK
	}
	before, after := "{", "}"
	if errs := a.response.Errors; len(errs) > 0 {
		text, _ := json.Marshal(errs[:min(len(errs), limits.MaxErrors)])
		before += `"errors":` + string(text)
		if a.errors == nil {
			before += ","
		}
	}
	if len(a.response.Extensions) > 0 {
		text, _ := json.Marshal(a.response.Extensions)
		after = `,"extensions":` + string(text) + "}"
	}
	w.WriteHeader(a.status)
	w.Write([]byte(before))
	if a.errors == nil {
		w.Write([]byte(`"data":`))
		w.Write(a.response.Data)
	}
	w.Write([]byte(after))
}
