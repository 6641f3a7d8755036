package importhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"

	"github.com/go-json-experiment/json"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/ingest"
)

// response is a response: a report, or a failure.
type response struct {
	status int
	header map[string]string
	body   any
}

// failure is the body of an error. Report is set if the import had begun: what it counts is stored.
type failure struct {
	Error  problem `json:"error"`
	Report *report `json:"report,omitempty"`
}

type problem struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// internalError is the code of an error without a code of its own.
const internalError = "INTERNAL_SERVER_ERROR"

func refuse(status int, code db.Code, message string) *response {
	return &response{status: status, body: failure{Error: problem{string(code), message}}}
}

func tooLarge(most int64) *response {
	return refuse(http.StatusRequestEntityTooLarge, db.LimitExceeded, fmt.Sprintf("the document has more than %d bytes: divide it", most))
}

func unavailable(message string) *response {
	return refuse(http.StatusServiceUnavailable, db.Unavailable, message).withHeader("Retry-After", strconv.Itoa(db.RetryAfter))
}

func (r *response) withHeader(name, value string) *response {
	if r.header == nil {
		r.header = map[string]string{}
	}
	r.header[name] = value
	return r
}

// with adds the report of an import that failed.
func (r *response) with(of *report) *response {
	if f, ok := r.body.(failure); ok {
		f.Report = of
		r.body = f
	}
	return r
}

// write writes the response. A client that is gone does not get it.
func (r *response) write(w http.ResponseWriter) {
	var text bytes.Buffer
	if err := json.MarshalWrite(&text, r.body); err != nil {
		panic(fmt.Sprintf("importhttp: %v", err)) // all texts are valid UTF-8
	}
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(r.status)
	_, _ = w.Write(text.Bytes())
}

// unauthenticated returns the response to a request without valid credentials.
func (h *Handler) unauthenticated(ctx context.Context, err error) *response {
	var refusal *auth.Refusal
	if !errors.As(err, &refusal) {
		return h.failed(ctx, err)
	}
	if refusal.RetryAfter > 0 {
		return refuse(refusal.Status(), db.Overloaded, refusal.Message).withHeader("Retry-After", strconv.Itoa(refusal.Seconds()))
	}
	return refuse(refusal.Status(), "UNAUTHENTICATED", refusal.Message).withHeader("WWW-Authenticate", "Bearer")
}

// failed returns the response to a request that failed with an error.
func (h *Handler) failed(ctx context.Context, err error) *response {
	var large *http.MaxBytesError
	var broken *ingest.BrokenError
	var format *ingest.FormatError
	var system *ingest.WrongSystemError
	var stored *db.Error
	switch {
	case errors.As(err, &large), errors.Is(err, ingest.ErrDocumentTooLarge):
		return tooLarge(h.MaxBytes)
	case errors.As(err, &stored):
		return storeFailed(stored)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return refuse(http.StatusRequestTimeout, db.BadInput, "the document stopped arriving: send the request again to continue")
	case errors.As(err, &format), errors.As(err, &system), errors.Is(err, ingest.ErrNotGzip):
		return refuse(http.StatusBadRequest, db.BadInput, err.Error())
	case errors.As(err, &broken):
		return refuse(http.StatusBadRequest, db.BadInput, broken.Error()+": the records before it were imported")
	case errors.Is(err, context.Canceled):
		return unavailable("the server is shutting down: send the request again")
	}
	h.Log.ErrorContext(ctx, "an import by HTTP failed", slog.Any("error", err))
	return refuse(http.StatusInternalServerError, internalError, "internal error")
}

// storeFailed returns the response to an error of the store.
func storeFailed(err *db.Error) *response {
	switch err.Code {
	case db.Unavailable, db.Overloaded:
		return unavailable(err.Message)
	case db.Forbidden:
		return refuse(http.StatusForbidden, err.Code, err.Message)
	}
	return refuse(http.StatusConflict, err.Code, err.Message)
}
