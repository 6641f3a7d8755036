package stn

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// failure is the JSON body of an error response, as ServiceStack writes it.
type failure struct {
	ResponseStatus status `json:"responseStatus"`
}

type status struct {
	ErrorCode string       `json:"errorCode"`
	Message   string       `json:"message"`
	Errors    []fieldError `json:"errors"`
}

type fieldError struct {
	ErrorCode string `json:"errorCode"`
	FieldName string `json:"fieldName"`
	Message   string `json:"message"`
}

// fail writes a problem in ServiceStack's format. The code is the name of the HTTP status, such as BadRequest.
func fail(w http.ResponseWriter, _ *http.Request, p *rest.Problem) {
	code := strings.ReplaceAll(http.StatusText(p.Status), " ", "")
	body := failure{status{ErrorCode: code, Message: p.Error()}}
	if p.Name != "" {
		body.ResponseStatus.Errors = []fieldError{{code, p.Name, p.Message}}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	json.MarshalWrite(w, body) // An error means that the client has disconnected.
}
