// Package jsonhttp writes the responses of the server's own JSON endpoints, which are not those of a legacy system. The
// body of an error has the member error, with a code and a message.
package jsonhttp

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json"

	"usagegraph/auth"
	"usagegraph/db"
)

// Response is a response with a body in JSON.
type Response struct {
	Status int
	// Header holds the headers besides those of every response.
	Header map[string]string
	Body   any
}

// Failure is the body of an error.
type Failure struct {
	Error Problem `json:"error"`
}

// Problem is an error for the client.
type Problem struct {
	Code    db.Code `json:"code"`
	Message string  `json:"message"`
}

const (
	unauthenticated db.Code = "UNAUTHENTICATED"
	internal        db.Code = "INTERNAL_SERVER_ERROR"
)

// Refuse returns the response to a request that is refused.
func Refuse(status int, code db.Code, message string) *Response {
	return &Response{Status: status, Body: Failure{Problem{code, message}}}
}

// Unavailable returns the response to a request that may succeed soon.
func Unavailable(message string) *Response {
	return Refuse(http.StatusServiceUnavailable, db.Unavailable, message).WithHeader("Retry-After", strconv.Itoa(db.RetryAfter))
}

// Internal returns the response to a request that failed with an error that only the log describes.
func Internal() *Response {
	return Refuse(http.StatusInternalServerError, internal, "internal error")
}

// Unauthenticated returns the response to a request without valid credentials, by the error of auth.From. It returns nil
// if that is not a Refusal.
func Unauthenticated(err error) *Response {
	var refusal *auth.Refusal
	switch {
	case !errors.As(err, &refusal):
		return nil
	case refusal.RetryAfter > 0:
		return Refuse(refusal.Status(), db.Overloaded, refusal.Message).WithHeader("Retry-After", strconv.Itoa(refusal.Seconds()))
	}
	return Refuse(refusal.Status(), unauthenticated, refusal.Message).WithHeader("WWW-Authenticate", "Bearer")
}

// WithHeader adds a header and returns the response.
func (r *Response) WithHeader(name, value string) *Response {
	if r.Header == nil {
		r.Header = map[string]string{}
	}
	r.Header[name] = value
	return r
}

// Write writes the response. A client that is gone does not get it.
func (r *Response) Write(w http.ResponseWriter) {
	var text bytes.Buffer
	if err := json.MarshalWrite(&text, r.Body); err != nil {
		panic(fmt.Sprintf("jsonhttp: %v", err)) // all texts are valid UTF-8
	}
	for name, value := range r.Header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(r.Status)
	_, _ = w.Write(text.Bytes())
}
