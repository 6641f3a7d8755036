package elevate

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// problem is the JSON body of an error response.
type problem struct {
	// Error is the text of the HTTP status.
	Error string `json:"error"`
	// Message begins with the name of the invalid parameter, if there is one.
	Message string `json:"message"`
	Status  int    `json:"status"`
}

// forbidden returns the Problem of a customerId outside the client's scope (403). It is the same for a customer that
// does not exist.
func forbidden() *rest.Problem {
	return &rest.Problem{Status: http.StatusForbidden, Message: "this client may not see this usage data"}
}

// fail writes a problem in Elevate's format. It ignores a failed write: the client has disconnected.
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
