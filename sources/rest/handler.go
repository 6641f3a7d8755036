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

// Answer is what a shim says to a request that it could answer.
type Answer struct {
	// Status is 200 unless it says otherwise.
	Status int
	// Header holds what goes with the body. Its type is JSON unless it says otherwise.
	Header http.Header
	// Body writes the body. An error breaks the connection, so that half an answer never looks whole.
	Body func(io.Writer) error
}

// Plan answers a request whose parameters were found good. All that the reader reads is of one moment.
type Plan func(ctx context.Context, reader *db.Reader) (*Answer, error)

// Handler serves one shim.
type Handler struct {
	Store *db.Store
	Log   *slog.Logger
	// Scope says whose records a request may see; it returns a Problem, or an auth.Refusal, for one that may see none.
	Scope func(*http.Request) (db.Scope, error)
	// Parse reads a request; it returns a Problem for one that cannot be answered.
	Parse func(*http.Request) (Plan, error)
	// Fail answers a problem in the shim's own shape.
	Fail func(http.ResponseWriter, *http.Request, *Problem)
	// Settings returns the settings that answers depend on, in any form.
	Settings func() string
}

// ServeHTTP answers a request, or 304 where the client has the answer already.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started, err := h.serve(w, r)
	switch {
	case err == nil:
	case started:
		h.Log.ErrorContext(r.Context(), "broke an answer off", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	default:
		p := h.problem(r.Context(), err)
		if p.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
		}
		h.Fail(w, r, p)
	}
}

// retryAfter is in how many seconds it is worth asking again while the database is away.
const retryAfter = 1

// serve tells whether the answer was begun.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) (started bool, err error) {
	scope, err := h.Scope(r)
	if err != nil {
		return false, err
	}
	plan, err := h.Parse(r)
	if err != nil {
		return false, err
	}
	var b beginning
	err = h.Store.For(scope).Snapshot(r.Context(), func(reader *db.Reader) error {
		tag := h.etag(reader, scope, r)
		if has(r.Header.Values("If-None-Match"), tag) {
			w.Header().Set("ETag", tag)
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
		answer, err := plan(r.Context(), reader)
		if err != nil {
			return err
		}
		b = beginning{ResponseWriter: w, answer: answer, tag: tag}
		out := bufio.NewWriterSize(&b, 32<<10)
		if err := answer.Body(out); err != nil {
			return err
		}
		return out.Flush()
	})
	return b.begun, err
}

// beginning sends status and headers with the first of an answer's body, and not before: until then it may still
// become another answer.
type beginning struct {
	http.ResponseWriter
	answer *Answer
	tag    string
	begun  bool
}

func (b *beginning) Write(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		header := b.Header()
		header.Set("Content-Type", "application/json; charset=utf-8")
		for name, values := range b.answer.Header {
			header[name] = values
		}
		header.Set("ETag", b.tag)
		header.Set("Cache-Control", "private, no-cache")
		b.WriteHeader(max(b.answer.Status, http.StatusOK))
	}
	return b.ResponseWriter.Write(p)
}

// statusGone is what nginx counts under when a client does not wait for its answer; nobody is told.
const statusGone = 499

// problem is what a client is told of an error: its own if it is one, else no more than an id under which the log has
// the whole of it.
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
		h.Log.WarnContext(ctx, "no answer from the database", "error", err)
		return &Problem{Status: http.StatusServiceUnavailable, Message: known.Message, RetryAfter: retryAfter}
	case errors.Is(ctx.Err(), context.Canceled):
		return &Problem{Status: statusGone, Message: "the client is gone"}
	}
	id := uuid.NewString()
	h.Log.ErrorContext(ctx, "internal error", "id", id, "error", err)
	return &Problem{Status: http.StatusInternalServerError, Message: "internal error " + id}
}

// etag names an answer by all that it depends on: the records, the request, the client and what it may see, the settings,
// and the program.
func (h *Handler) etag(reader *db.Reader, scope db.Scope, r *http.Request) string {
	hash := fnv.New128a()
	fmt.Fprintf(hash, "%d %s %+v %q %s %s %t %s", reader.Revision(), reader.Mark(), scope, h.Settings(), program(), r.Host, r.TLS != nil, r.URL)
	for _, name := range []string{"Accept", "Authorization", "Client_id", "Stn-Api-Key"} {
		fmt.Fprintf(hash, " %q", r.Header.Values(name))
	}
	return fmt.Sprintf(`W/"%x"`, hash.Sum(nil))
}

func has(lists []string, tag string) bool {
	for _, list := range lists {
		for _, one := range strings.Split(list, ",") {
			if strings.TrimPrefix(strings.TrimSpace(one), "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
