package elevate

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// problem is an error as elevate writes it.
type problem struct {
	// Error is the status in words.
	Error string `json:"error"`
	// Message begins with the name of the parameter that was wrong, if one was.
	Message string `json:"message"`
	Status  int    `json:"status"`
}

// forbidden is the problem of a client that asks for a customer outside of its scope (403), whether there is one or not.
func forbidden() *rest.Problem {
	return &rest.Problem{Status: http.StatusForbidden, Message: "this client may not see this usage data"}
}

// fail answers a problem. A client that is gone by then is nobody to tell.
func fail(w http.ResponseWriter, _ *http.Request, p *rest.Problem) {
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	switch p.Status {
	case http.StatusUnauthorized:
		header.Set("WWW-Authenticate", "Bearer")
	case http.StatusMethodNotAllowed:
		header.Set("Allow", "GET, HEAD")
	}
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, problem{http.StatusText(p.Status), p.Error(), p.Status})
}
