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

// request holds the parameters of a GraphQL request.
type request struct {
	// query is the text of the document; it is empty if the request names the document instead.
	query         string
	operationName string
	variables     map[string]any
	extensions    map[string]any
	// documentID is the id of a trusted document, or "".
	documentID string
	// least is the least revision that the answer may be of; nil for any.
	least *int64
}

// readRequest reads a request from a POST body or a GET query string, as GraphQL over HTTP defines them. It returns an
// error response for a request that it cannot read.
func readRequest(w http.ResponseWriter, r *http.Request, limits Limits) (*request, *response) {
	var req *request
	var err error
	switch r.Method {
	case http.MethodGet:
		req, err = readURL(r.URL.RawQuery, limits)
	case http.MethodPost:
		if !isJSON(r.Header) {
			return nil, errorResponse(http.StatusUnsupportedMediaType, newError(string(db.BadInput), "want a body of Content-Type: application/json, in UTF-8, not compressed"))
		}
		req, err = readBody(w, r, limits)
	default:
		return nil, errorResponse(http.StatusMethodNotAllowed, newError(string(db.BadInput), "want the method GET or POST")).withHeader("Allow", "GET, POST")
	}
	if err == nil {
		req.least, err = db.LeastRevision(r.Header)
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errorResponse(http.StatusRequestEntityTooLarge, limitExceeded("body", "a request has at most %d bytes", limits.MaxBody))
	case err != nil:
		return nil, errorResponse(http.StatusBadRequest, err)
	}
	return req, nil
}

// isJSON reports whether a body is JSON in UTF-8 without compression.
func isJSON(header http.Header) bool {
	media, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	charset, given := parameters["charset"]
	return err == nil && media == mediaJSON && (!given || strings.EqualFold(charset, "utf-8")) &&
		(header.Get("Content-Encoding") == "" || strings.EqualFold(header.Get("Content-Encoding"), "identity"))
}

func readBody(w http.ResponseWriter, r *http.Request, limits Limits) (*request, error) {
	if r.ContentLength > int64(limits.MaxBody) {
		return nil, &http.MaxBytesError{Limit: int64(limits.MaxBody)}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limits.MaxBody)))
	if err != nil {
		return nil, errors.Join(db.Errorf(db.BadInput, "the request body is incomplete"), err)
	}
	value, err := readJSON(body, limits.MaxNesting+1, limits)
	if err != nil {
		return nil, err
	}
	members, ok := value.(map[string]any)
	if !ok {
		return nil, db.Errorf(db.BadInput, "want one JSON object: batches of requests are not supported")
	}
	return newRequest(members)
}

// readURL reads a query string. Malformed pairs, which net/http drops, and repeated parameters are errors.
func readURL(query string, limits Limits) (*request, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, db.Errorf(db.BadInput, "the query string is malformed: percent signs and semicolons must be escaped")
	}
	members := map[string]any{}
	for name, list := range values {
		value := list[0]
		switch {
		case len(list) > 1:
			return nil, db.Errorf(db.BadInput, "%s: given more than once", truncate(name))
		case !utf8.ValidString(name) || !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			return nil, errNUL
		case name != "variables" && name != "extensions":
			members[name] = value
		case value != "":
			if members[name], err = readJSON([]byte(value), limits.MaxNesting, limits); err != nil {
				return nil, err
			}
		}
	}
	return newRequest(members)
}

// idNames are the parameters for the id of a document: GraphQL over HTTP and graphql-codegen send the first, Relay the
// others.
var idNames = [...]string{"documentId", "doc_id", "id"}

func newRequest(members map[string]any) (*request, error) {
	var req request
	for _, m := range []struct {
		name string
		into *string
	}{{"query", &req.query}, {"operationName", &req.operationName}} {
		if err := readMember(members, m.name, "a string", m.into); err != nil {
			return nil, err
		}
	}
	for _, name := range idNames {
		if err := readMember(members, name, "a string", &req.documentID); err != nil {
			return nil, err
		}
		if req.documentID != "" {
			break
		}
	}
	if err := readMember(members, "variables", "an object", &req.variables); err != nil {
		return nil, err
	}
	return &req, readMember(members, "extensions", "an object", &req.extensions)
}

// readMember stores a member of the request. The member may be null or absent; of another type it is a BadInput error.
func readMember[T any](members map[string]any, name, want string, into *T) error {
	value, ok := members[name].(T)
	if !ok && members[name] != nil {
		return db.Errorf(db.BadInput, "%s: want %s", name, want)
	}
	*into = value
	return nil
}
