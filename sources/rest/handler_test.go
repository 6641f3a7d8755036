package rest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzhttp"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/rest"
)

// handler returns a Handler whose responses have a body written by body, and whose problems are plain text.
func handler(store *db.Store, body func(io.Writer) error) *rest.Handler {
	return &rest.Handler{
		Store: store, Log: slog.New(slog.DiscardHandler),
		Scope: func(*http.Request) (db.Scope, error) { return db.All(), nil },
		Parse: func(*http.Request) (rest.RespondFunc, db.Filter, error) {
			return func(context.Context, *db.Reader) (*rest.Response, error) { return &rest.Response{Body: body}, nil }, nil, nil
		},
		Fail:     func(w http.ResponseWriter, _ *http.Request, p *rest.Problem) { http.Error(w, p.Error(), p.Status) },
		Settings: func() string { return "" },
	}
}

func hello(w io.Writer) error {
	_, err := io.WriteString(w, `["hello"]`)
	return err
}

func get(h http.Handler, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/x?a=1", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestNotModifiedUntilARecordChanges(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := handler(store, hello)
		first := get(h)
		tag := first.Header().Get("ETag")
		if first.Code != http.StatusOK || first.Body.String() != `["hello"]` || tag == "" {
			t.Fatalf("%d %q %s", first.Code, tag, first.Body)
		}
		if again := get(h, "If-None-Match", `"other", `+tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
			t.Errorf("%d %s", again.Code, again.Body)
		}
		another := auth.Middleware(func(*http.Request) (auth.Identity, error) { return auth.Identity{ClientID: "another"}, nil }, h)
		if other := get(another, "If-None-Match", tag); other.Code != http.StatusOK {
			t.Errorf("another client: %d for the ETag of the first", other.Code)
		}
		if err := store.Write(t.Context(), func(tx *db.Tx) error { return tx.Revise(t.Context()) }); err != nil {
			t.Fatal(err)
		}
		if changed := get(h, "If-None-Match", tag); changed.Code != http.StatusOK || changed.Header().Get("ETag") == tag {
			t.Errorf("%d: the ETag from before the change still matches", changed.Code)
		}
	})
}

func TestAFailureWithinTheBodyClosesTheConnection(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, wrap := range map[string]func(http.Handler) http.Handler{
			"plain": func(h http.Handler) http.Handler { return h },
			"gzip":  func(h http.Handler) http.Handler { return gzhttp.GzipHandler(h) },
		} {
			server := httptest.NewServer(wrap(handler(store, func(w io.Writer) error {
				if _, err := io.WriteString(w, "["+strings.Repeat(`"record",`, 50_000)); err != nil {
					return err
				}
				return errors.New("connection lost")
			})))
			response, err := http.Get(server.URL)
			if err == nil {
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
			}
			if err == nil {
				t.Errorf("%s: a truncated body was read without an error", name)
			}
			server.Close()
		}
	})
}

// TestClientThatLeavesIsNoErrorInTheLog also checks that another failure within the body is one.
func TestClientThatLeavesIsNoErrorInTheLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, test := range map[string]struct {
			body   func(io.Writer) error
			logged bool
		}{
			"the client leaves": {func(w io.Writer) error {
				for {
					if _, err := io.WriteString(w, strings.Repeat(`"record",`, 5000)); err != nil {
						return fmt.Errorf("write: %w", err)
					}
				}
			}, false},
			"the database fails": {func(w io.Writer) error {
				io.WriteString(w, strings.Repeat(`"record",`, 50_000))
				return errors.New("connection lost")
			}, true},
		} {
			var log bytes.Buffer
			h := handler(store, test.body)
			h.Log = slog.New(slog.NewTextHandler(&log, nil))
			server := httptest.NewServer(h)
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadFull(conn, make([]byte, 100)); err != nil {
				t.Fatal(err)
			}
			if test.logged {
				io.Copy(io.Discard, conn)
			}
			conn.Close()
			server.Close() // waits for the request
			if logged := strings.Contains(log.String(), "level=ERROR"); logged != test.logged {
				t.Errorf("%s: %s", name, log.String())
			}
		}
	})
}

func TestProblemsOfErrors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for name, test := range map[string]struct {
			err    error
			status int
			body   string
		}{
			"a problem":         {rest.Bad("page", "want a number"), 400, "page: want a number\n"},
			"bad input":         {db.Errorf(db.BadInput, "too many values"), 400, "too many values\n"},
			"an internal error": {errors.New("SELECT secret FROM table"), 500, "internal error "},
			"an overload":       {db.Errorf(db.Overloaded, "too many"), 503, "too many\n"},
			"an outage":         {db.Errorf(db.Unavailable, "try again soon"), 503, "try again soon\n"},
		} {
			h := handler(store, hello)
			h.Parse = func(*http.Request) (rest.RespondFunc, db.Filter, error) {
				return func(context.Context, *db.Reader) (*rest.Response, error) { return nil, test.err }, nil, nil
			}
			if got := get(h); got.Code != test.status || !strings.HasPrefix(got.Body.String(), test.body) || strings.Contains(got.Body.String(), "SELECT") {
				t.Errorf("%s: %d %s", name, got.Code, got.Body)
			} else if again := got.Header().Get("Retry-After"); (again != "") != (got.Code == http.StatusServiceUnavailable) {
				t.Errorf("%s: Retry-After %q", name, again)
			}
		}
	})
}

func TestAFailureBeforeTheFirstBytesIsAnsweredWithAProblem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		got := get(handler(store, func(w io.Writer) error {
			io.WriteString(w, `["first",`)
			return db.Errorf(db.Unavailable, "try again soon")
		}))
		if got.Code != http.StatusServiceUnavailable || got.Body.String() != "try again soon\n" || got.Header().Get("ETag") != "" {
			t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
		}
	})
}

func TestTooExpensiveFilterIsRefused(t *testing.T) {
	t.Parallel()
	h := handler(dbtest.Open(t, t.TempDir()+"/test.db"), hello)
	for n, status := range map[int]int{1000: http.StatusOK, 1001: http.StatusBadRequest} {
		search := "%x%"
		filter := &db.UsageSummaryFilter{}
		for range n {
			filter.Or = append(filter.Or, &db.UsageSummaryFilter{SourceID: &db.StringFilter{Like: &search}})
		}
		parse := h.Parse
		h.Parse = func(r *http.Request) (rest.RespondFunc, db.Filter, error) {
			respond, _, err := parse(r)
			return respond, filter, err
		}
		if got := get(h); got.Code != status || status != http.StatusOK && !strings.Contains(got.Body.String(), "use fewer of its 1001 patterns that begin with a wildcard") {
			t.Errorf("%d patterns: %d %s", n, got.Code, got.Body)
		}
	}
}

func TestRequestNamesTheLeastRevision(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := handler(store, hello)
		latest := get(h).Header().Get(db.RevisionHeader)
		if latest == "" {
			t.Error("no revision in the answer")
		}
		for header, status := range map[string]int{"0": 200, latest: 200, "1" + latest: 400, "-1": 400, "": 400} {
			if answer := get(h, db.RevisionHeader, header); answer.Code != status {
				t.Errorf("%q of %s: %d %s", header, latest, answer.Code, answer.Body)
			}
		}
		first := get(h)
		if again := get(h, "If-None-Match", first.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Header().Get(db.RevisionHeader) != latest {
			t.Errorf("%d %v", again.Code, again.Header())
		}
	})
}
