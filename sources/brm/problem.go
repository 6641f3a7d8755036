package brm

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// failure is the JSON body of an error response, as TMF630 defines it.
type failure struct {
	Code    string `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Status  string `json:"status"`
	Type    string `json:"@type"`
}

// reasons holds TMF630's codes and reasons by HTTP status. Other statuses have none.
var reasons = map[int]struct{ code, reason string }{
	http.StatusBadRequest:          {"28", "Invalid query-string parameter value"},
	http.StatusUnauthorized:        {"41", "Invalid credentials"},
	http.StatusForbidden:           {"50", "Access denied"},
	http.StatusNotFound:            {"60", "Resource not found"},
	http.StatusMethodNotAllowed:    {"61", "Method not allowed"},
	http.StatusInternalServerError: {"1", "Internal error"},
	http.StatusServiceUnavailable:  {"5", "The service is temporarily unavailable"},
}

// maxName is the maximum length of a parameter name in an error, in bytes. Longer names are cut.
const maxName = 60

// fail writes a problem in TMF630's format.
func fail(w http.ResponseWriter, _ *http.Request, p *rest.Problem) {
	f := failure{Message: p.Message, Status: strconv.Itoa(p.Status), Type: "Error"}
	f.Code, f.Reason = reasons[p.Status].code, reasons[p.Status].reason
	if f.Code == "" {
		f.Code, f.Reason = f.Status, http.StatusText(p.Status)
	}
	if p.Name != "" {
		f.Message = strings.ToValidUTF8(p.Name[:min(len(p.Name), maxName)], "") + ": " + p.Message
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	json.MarshalWrite(w, f)
}
