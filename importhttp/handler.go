// Package importhttp imports documents over HTTP, by the same importer as the import command.
package importhttp

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/jsonhttp"
)

// Pattern is the pattern of the route.
const Pattern = "/import/{source}"

// Settings holds the limits of the endpoint.
type Settings struct {
	MaxBytes int64         `name:"max-import-bytes" env:"MAX_IMPORT_BYTES" default:"4294967296" help:"Maximum size of a document of POST /import in bytes, uncompressed; a larger one is answered with 413."`
	Running  int           `name:"max-imports" env:"MAX_IMPORTS" default:"2" help:"Maximum number of documents of POST /import that are imported at a time; more are answered with 429."`
	Idle     time.Duration `name:"import-idle-timeout" env:"IMPORT_IDLE_TIMEOUT" default:"30s" help:"Time without a byte of a document of POST /import after which the request ends with 408."`
}

// Check returns an error that names the environment variable of a limit that would reject every request.
func (s Settings) Check() error {
	switch {
	case s.MaxBytes < 1:
		return errors.New("MAX_IMPORT_BYTES: want 1 or more")
	case s.Running < 1:
		return errors.New("MAX_IMPORTS: want 1 or more")
	case s.Idle <= 0:
		return errors.New("IMPORT_IDLE_TIMEOUT: want more than 0s")
	}
	return nil
}

// Handler imports the document in the body of a request.
type Handler struct {
	Settings
	Store *db.Store
	// Importer returns an importer with the current settings of the data set.
	Importer func() (*ingest.Importer, error)
	// Sources are the systems.
	Sources []db.Source
	// Open allows imports without a client while authentication is off.
	Open bool
	// Stop ends imports after their current batch when it is done.
	Stop context.Context
	Log  *slog.Logger

	running running
}

// upload is a valid request.
type upload struct {
	source db.Source
	client string
	key    *string
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if response := h.respond(w, r); response != nil {
		response.Write(w)
	}
}

// respond imports the document and returns the response.
func (h *Handler) respond(w http.ResponseWriter, r *http.Request) *jsonhttp.Response {
	u, refusal := h.upload(r)
	if refusal != nil {
		return refusal
	}
	leave, refusal := h.running.enter(u, h.Running)
	if refusal != nil {
		return refusal
	}
	defer leave()
	// A client that is gone ends the import when its body breaks, and not before.
	ctx, stop := context.WithCancel(context.WithoutCancel(r.Context()))
	defer stop()
	defer context.AfterFunc(h.Stop, stop)()
	body := newBody(ctx, w, r, h.Settings)
	defer body.close()
	if u.key != nil {
		first, err := h.Store.ImportByKey(ctx, u.client, *u.key)
		if err != nil {
			return h.failed(ctx, err)
		}
		if first != nil {
			return h.repeat(ctx, u, first, body)
		}
	}
	return h.run(ctx, u, body)
}

// run imports a document.
func (h *Handler) run(ctx context.Context, u upload, body io.Reader) *jsonhttp.Response {
	importer, err := h.Importer()
	if err != nil {
		return h.failed(ctx, err)
	}
	importer.ClientID, importer.Key, importer.MaxBytes = u.client, u.key, h.MaxBytes
	result, err := importer.Import(ctx, u.source, "", body)
	if result.ID == 0 {
		return h.failed(ctx, err)
	}
	row, rejects, readErr := h.Store.Import(context.WithoutCancel(ctx), result.ID)
	switch {
	case readErr != nil:
		return h.failed(ctx, errors.Join(err, readErr))
	case err != nil:
		return withReport(h.failed(ctx, err), newReport(row, rejects))
	case result.Stopped:
		return withReport(jsonhttp.Unavailable("the server is shutting down: send the request again to continue"), newReport(row, rejects))
	}
	return &jsonhttp.Response{Status: http.StatusOK, Body: newReport(row, rejects)}
}

// upload checks a request. It returns a response to refuse it.
func (h *Handler) upload(r *http.Request) (upload, *jsonhttp.Response) {
	identity, err := auth.From(r.Context())
	if err != nil {
		return upload{}, h.unauthenticated(r.Context(), err)
	}
	u := upload{source: db.Source(strings.ToUpper(r.PathValue("source"))), client: identity.ClientID}
	switch {
	case r.Method != http.MethodPost:
		return u, jsonhttp.Refuse(http.StatusMethodNotAllowed, db.BadInput, "want POST with the document as its body").WithHeader("Allow", http.MethodPost)
	case !identity.MayImport:
		return u, jsonhttp.Refuse(http.StatusForbidden, db.Forbidden, "this client may not import documents: create one with usagegraph client create --may-import")
	case u.client == "" && !h.Open:
		return u, jsonhttp.Refuse(http.StatusForbidden, db.Forbidden, "imports without authentication are for a loopback address alone: create a client with usagegraph client create --may-import")
	case !slices.Contains(h.Sources, u.source) || r.PathValue("source") != u.source.Lower():
		return u, jsonhttp.Refuse(http.StatusNotFound, db.NotFound, "unknown system: want /import/"+h.systems())
	case r.URL.RawQuery != "":
		return u, jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, "the request has no query parameters")
	case r.ContentLength > h.MaxBytes:
		return u, tooLarge(h.MaxBytes)
	}
	if refusal := checkHeaders(r.Header); refusal != nil {
		return u, refusal
	}
	var refusal *jsonhttp.Response
	u.key, refusal = keyOf(r.Header)
	return u, refusal
}

// systems returns the names of the systems, separated by bars.
func (h *Handler) systems() string {
	names := make([]string, len(h.Sources))
	for i, s := range h.Sources {
		names[i] = s.Lower()
	}
	return strings.Join(names, "|")
}
