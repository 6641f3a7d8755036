package dxp

import (
	"net/http"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// Failure is the JSON body of an error response.
type Failure struct {
	Errors []FailureDetail `json:"errors"`
}

// FailureDetail is one error of a Failure.
type FailureDetail struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	Description string `json:"description"`
}

// refuse writes a problem in the page's format, with its two quirks: the body of a 401 has code 404 unless Corrected is
// set, and an unsupported method is 404.
func (s HandlerSettings) refuse(w http.ResponseWriter, _ *http.Request, p *rest.Problem) {
	status, detail := p.Status, FailureDetail{p.Status, http.StatusText(p.Status), p.Error()}
	switch p.Status {
	case http.StatusBadRequest:
		detail.Message = "The request is invalid or not properly formed."
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Client-ID-Enforcement")
		detail = FailureDetail{http.StatusNotFound, "The user could not be authenticated for this request.",
			"The request has not been applied because it lacks valid authentication credentials for the target resource"}
		if s.Corrected {
			detail.Code = http.StatusUnauthorized
		}
	case http.StatusMethodNotAllowed:
		status, detail.Code, detail.Message = http.StatusNotFound, http.StatusNotFound, "APIKIT:METHOD_NOT_ALLOWED"
	case http.StatusNotFound:
		detail.Message = "MATRIXX:QUERY_USAGE_ERROR"
		if p.Name != "" {
			detail.Message = "APIKIT:NOT_FOUND"
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The status is sent; an error means that the client has disconnected.
	_ = json.MarshalWrite(w, Failure{[]FailureDetail{detail}})
}
