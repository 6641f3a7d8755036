package graphqlhttp

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"usagegraph/db"
)

// request is what a client asks for.
type request struct {
	// query is the document's text; empty where it is named instead.
	query         string
	operationName string
	variables     map[string]any
	extensions    map[string]any
	// documentID names the document; empty where none does.
	documentID string
}

// read reads a request as GraphQL over HTTP writes it. What is wrong with it is an answer.
func (l Limits) read(w http.ResponseWriter, r *http.Request) (*request, *answer) {
	var asked *request
	var err error
	switch r.Method {
	case http.MethodGet:
		asked, err = l.readURL(r.URL.RawQuery)
	case http.MethodPost:
		if !isJSON(r.Header) {
			return nil, problem(http.StatusUnsupportedMediaType, failed(string(db.BadInput), "want a body of Content-Type: application/json, in UTF-8, not compressed"))
		}
		asked, err = l.readBody(w, r)
	default:
		return nil, problem(http.StatusMethodNotAllowed, failed(string(db.BadInput), "only GET and POST are answered here")).with("Allow", "GET, POST")
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, problem(http.StatusRequestEntityTooLarge, exceeded("body", "a request has at most %d bytes", l.MaxBody))
	case err != nil:
		return nil, problem(http.StatusBadRequest, err)
	}
	return asked, nil
}

// isJSON tells whether a body is JSON that can be read as it comes.
func isJSON(header http.Header) bool {
	media, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	charset, given := parameters["charset"]
	return err == nil && media == mediaJSON && (!given || strings.EqualFold(charset, "utf-8")) &&
		(header.Get("Content-Encoding") == "" || strings.EqualFold(header.Get("Content-Encoding"), "identity"))
}

func (l Limits) readBody(w http.ResponseWriter, r *http.Request) (*request, error) {
	if r.ContentLength > int64(l.MaxBody) {
		return nil, &http.MaxBytesError{Limit: int64(l.MaxBody)}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(l.MaxBody)))
	if err != nil {
		return nil, errors.Join(db.Errorf(db.BadInput, "the body did not come whole"), err)
	}
	value, err := readJSON(body, l.MaxNesting+1, l)
	if err != nil {
		return nil, err
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, db.Errorf(db.BadInput, "want one JSON object: requests are answered one by one")
	}
	return newRequest(members)
}

// readURL reads a query string strictly: what net/http would drop in silence, or take the first of, is an error.
func (l Limits) readURL(query string) (*request, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, db.Errorf(db.BadInput, "the query string is malformed: percent signs and semicolons must be escaped")
	}
	members := map[string]any{}
	for name, list := range values {
		value := list[0]
		switch {
		case len(list) > 1:
			return nil, db.Errorf(db.BadInput, "%s: given more than once", clip(name))
		case !utf8.ValidString(name) || !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			return nil, errNUL
		case name != "variables" && name != "extensions":
			members[name] = value
		case value != "":
			if members[name], err = readJSON([]byte(value), l.MaxNesting, l); err != nil {
				return nil, err
			}
		}
	}
	return newRequest(members)
}

// idNames are what clients call the id of a document: GraphQL over HTTP and graphql-codegen, and Relay's two.
var idNames = [...]string{"documentId", "doc_id", "id"}

func newRequest(members map[string]any) (*request, error) {
	var asked request
	for _, m := range []struct {
		name string
		into *string
	}{{"query", &asked.query}, {"operationName", &asked.operationName}} {
		if err := member(members, m.name, "a string", m.into); err != nil {
			return nil, err
		}
	}
	for _, name := range idNames {
		if err := member(members, name, "a string", &asked.documentID); err != nil {
			return nil, err
		}
		if asked.documentID != "" {
			break
		}
	}
	if err := member(members, "variables", "an object", &asked.variables); err != nil {
		return nil, err
	}
	return &asked, member(members, "extensions", "an object", &asked.extensions)
}

// member reads a member that may be null or left out.
func member[T any](members map[string]any, name, want string, into *T) error {
	value, ok := members[name].(T)
	if !ok && members[name] != nil {
		return db.Errorf(db.BadInput, "%s: want %s", name, want)
	}
	*into = value
	return nil
}
