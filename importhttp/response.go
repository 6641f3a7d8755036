package importhttp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/jsonhttp"
)

// failure is the body of an error after the import has begun: what the report counts is stored.
type failure struct {
	jsonhttp.Failure
	Report *report `json:"report"`
}

func tooLarge(most int64) *jsonhttp.Response {
	return jsonhttp.Refuse(http.StatusRequestEntityTooLarge, db.LimitExceeded, fmt.Sprintf("the document has more than %d bytes: divide it", most))
}

// withReport adds the report of an import that failed.
func withReport(r *jsonhttp.Response, of *report) *jsonhttp.Response {
	if f, ok := r.Body.(jsonhttp.Failure); ok {
		r.Body = failure{f, of}
	}
	return r
}

// unauthenticated returns the response to a request without valid credentials.
func (h *Handler) unauthenticated(ctx context.Context, err error) *jsonhttp.Response {
	if response := jsonhttp.Unauthenticated(err); response != nil {
		return response
	}
	return h.failed(ctx, err)
}

// failed returns the response to a request that failed with an error.
func (h *Handler) failed(ctx context.Context, err error) *jsonhttp.Response {
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
		return jsonhttp.Refuse(http.StatusRequestTimeout, db.BadInput, "the document stopped arriving: send the request again to continue")
	case errors.As(err, &format), errors.As(err, &system), errors.Is(err, ingest.ErrNotGzip):
		return jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, err.Error())
	case errors.As(err, &broken):
		return jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, broken.Error()+": the records before it were imported")
	case errors.Is(err, context.Canceled):
		return jsonhttp.Unavailable("the server is shutting down: send the request again")
	}
	h.Log.ErrorContext(ctx, "an import by HTTP failed", slog.Any("error", err))
	return jsonhttp.Internal()
}

// storeFailed returns the response to an error of the store.
func storeFailed(err *db.Error) *jsonhttp.Response {
	switch err.Code {
	case db.Unavailable, db.Overloaded:
		return jsonhttp.Unavailable(err.Message)
	case db.Forbidden:
		return jsonhttp.Refuse(http.StatusForbidden, err.Code, err.Message)
	}
	return jsonhttp.Refuse(http.StatusConflict, err.Code, err.Message)
}
