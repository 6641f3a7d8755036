package rest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"usagegraph/auth"
	"usagegraph/db"
)

// Response is a successful response of an endpoint.
type Response struct {
	// Status is the HTTP status; 0 means 200.
	Status int
	// Header holds additional headers. Content-Type defaults to JSON.
	Header http.Header
	// Body writes the body. Where it fails after the first bytes were sent, the connection is closed, so that a
	// truncated body cannot be mistaken for a complete one.
	Body func(io.Writer) error
}

// RespondFunc answers a request whose parameters are valid. The reader reads from one snapshot of the database.
type RespondFunc func(ctx context.Context, reader *db.Reader) (*Response, error)

// Handler serves one endpoint.
type Handler struct {
	Store *db.Store
	Log   *slog.Logger
	// Scope returns the customers whose records a request may see. It returns a Problem or an auth.Refusal for a
	// request without access.
	Scope func(*http.Request) (db.Scope, error)
	// Parse reads the parameters of a request. It returns the filter of its statements, or nil, and a Problem for invalid
	// parameters.
	Parse func(*http.Request) (RespondFunc, db.Filter, error)
	// Fail writes a problem in the endpoint's error format.
	Fail func(http.ResponseWriter, *http.Request, *Problem)
	// Settings returns the settings that responses depend on, as text for the ETag.
	Settings func() string
}

// ServeHTTP writes the response to a request, or 304 where the request's If-None-Match has the response's ETag.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	out, err := h.serve(w, r)
	switch {
	case err == nil:
	case out.broken || out.started && errors.Is(r.Context().Err(), context.Canceled):
		// The client has left, which the access log says.
		panic(http.ErrAbortHandler)
	case out.started:
		h.Log.ErrorContext(r.Context(), "response aborted", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	default:
		w.Header().Del(db.RevisionHeader)
		p := h.problem(r.Context(), err)
		if p.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
		}
		h.Fail(w, r, p)
	}
}

// maxFilterPrice is the maximum price of the filter of a request, as db.PriceOf returns it.
const maxFilterPrice = 100_000

// serve answers a request. It returns the state of the response.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (out lazyWriter, err error) {
	scope, err := h.Scope(r)
	if err != nil {
		return out, err
	}
	least, err := db.LeastRevision(r.Header)
	if err != nil {
		return out, err
	}
	respond, filter, err := h.Parse(r)
	if err != nil {
		return out, err
	}
	price := db.PriceOf(filter)
	if price.Total() > maxFilterPrice {
		return out, Bad("", fmt.Sprintf("the conditions take too long together: %s", price.Advice()))
	}
	leave, err := h.Store.Admit(r.Context(), price)
	if err != nil {
		return out, err
	}
	defer leave()
	read := func(reader *db.Reader) error {
		return reader.Snapshot(r.Context(), func(reader *db.Reader) error {
			reader.SetRevision(w.Header())
			tag := h.etag(reader, scope, r)
			if matchesETag(r.Header.Values("If-None-Match"), tag) {
				w.Header().Set("ETag", tag)
				w.WriteHeader(http.StatusNotModified)
				return nil
			}
			response, err := respond(r.Context(), reader)
			leave() // the client may read the body slowly
			if err != nil {
				return err
			}
			out = lazyWriter{ResponseWriter: w, response: response, tag: tag}
			buffer := bufio.NewWriterSize(&out, 32<<10)
			if err := response.Body(buffer); err != nil {
				return err
			}
			return buffer.Flush()
		})
	}
	reader := h.Store.For(scope).Since(least)
	if err = read(reader); db.FailedOnReplica(err) && !out.started {
		err = read(reader.FromPrimary())
	}
	return out, err
}

// lazyWriter sends status and headers with the first bytes of the body. Until then an error can still replace the
// response.
type lazyWriter struct {
	http.ResponseWriter
	response *Response
	tag      string
	started  bool
	// broken reports that the client takes no more of the body.
	broken bool
}

func (l *lazyWriter) Write(p []byte) (int, error) {
	if !l.started {
		l.started = true
		header := l.Header()
		header.Set("Content-Type", "application/json; charset=utf-8")
		for name, values := range l.response.Header {
			header[name] = values
		}
		header.Set("ETag", l.tag)
		header.Set("Cache-Control", "private, no-cache")
		l.WriteHeader(max(l.response.Status, http.StatusOK))
	}
	n, err := l.ResponseWriter.Write(p)
	l.broken = l.broken || err != nil
	return n, err
}

// statusClientClosedRequest is nginx's status for a request that the client cancelled. It appears in the access log and
// in metrics only.
const statusClientClosedRequest = 499

// problem returns the Problem to send for an error. An internal error is logged in full; its Problem holds only the id
// of the log entry.
func (h *Handler) problem(ctx context.Context, err error) *Problem {
	var problem *Problem
	var refusal *auth.Refusal
	var known *db.Error
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &refusal) && refusal.RetryAfter > 0:
		return &Problem{Status: refusal.Status(), Message: refusal.Message, RetryAfter: refusal.Seconds()}
	case errors.As(err, &refusal):
		return &Problem{Status: refusal.Status(), Message: refusal.Message}
	case errors.As(err, &known) && known.Code == db.Forbidden:
		return &Problem{Status: http.StatusForbidden, Message: known.Message}
	case errors.As(err, &known) && known.Code == db.BadInput:
		return &Problem{Status: http.StatusBadRequest, Message: known.Message}
	case errors.As(err, &known) && known.Code == db.Unavailable:
		h.Log.WarnContext(ctx, "database unavailable", "error", err)
		return &Problem{Status: http.StatusServiceUnavailable, Message: known.Message, RetryAfter: db.RetryAfter}
	case errors.As(err, &known) && known.Code == db.Overloaded:
		return &Problem{Status: http.StatusServiceUnavailable, Message: known.Message, RetryAfter: db.RetryAfter}
	case errors.Is(ctx.Err(), context.Canceled):
		return &Problem{Status: statusClientClosedRequest, Message: "the client closed the request"}
	}
	id := uuid.NewString()
	h.Log.ErrorContext(ctx, "internal error", "id", id, "error", err)
	return &Problem{Status: http.StatusInternalServerError, Message: "internal error " + id}
}

// etag returns a weak ETag, a hash of everything that the response depends on: the records, the request, the client and
// its scope, the settings and the executable.
func (h *Handler) etag(reader *db.Reader, scope db.Scope, r *http.Request) string {
	hash := fnv.New128a()
	fmt.Fprintf(hash, "%d %s %+v %q %s %s %q %s", reader.Revision(), reader.Mark(), scope.Of(0), h.Settings(), executableHash(), r.Host, r.URL.Scheme, r.URL)
	fmt.Fprintf(hash, " %q %q", r.Header.Values("Accept"), auth.ClientID(r.Context()))
	return fmt.Sprintf(`W/"%x"`, hash.Sum(nil))
}

// matchesETag reports whether one of the If-None-Match headers has the tag, by weak comparison (RFC 9110).
func matchesETag(headers []string, tag string) bool {
	for _, list := range headers {
		for _, candidate := range strings.Split(list, ",") {
			if strings.TrimPrefix(strings.TrimSpace(candidate), "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
