package edge

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"usagegraph/db"
)

// readinessTimeout is the timeout of the database in a readiness check.
const readinessTimeout = 2 * time.Second

// health serves the liveness and readiness checks, /livez and /readyz. Checks are not limited and not in the access
// log.
type health struct {
	store *db.Store
	log   *slog.Logger
	// draining is true from the start of the shutdown.
	draining atomic.Bool
	next     http.Handler
}

func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	switch {
	case r.URL.Path != "/livez" && r.URL.Path != "/readyz":
		h.next.ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "want GET or HEAD", http.StatusMethodNotAllowed)
	case r.URL.Path == "/livez":
		writeText(w, http.StatusOK, "alive")
	case h.draining.Load():
		writeText(w, http.StatusServiceUnavailable, "draining")
	default:
		h.checkReadiness(w, r)
	}
}

// checkReadiness answers 200 if the database answers and its schema has the version of this program, and 503 otherwise.
func (h *health) checkReadiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readinessTimeout)
	defer cancel()
	var readOnly bool
	err := h.store.Ready(ctx)
	if err == nil {
		readOnly, err = h.store.ReadOnly(ctx)
	}
	switch {
	case err != nil:
		h.log.WarnContext(ctx, "not ready", "error", err)
		reason := "see the log"
		if known := (*db.Error)(nil); errors.As(err, &known) && known.Code == db.Unavailable {
			reason = known.Message
		}
		writeText(w, http.StatusServiceUnavailable, "not ready: "+reason)
	case readOnly:
		writeText(w, http.StatusOK, "ready, read-only")
	default:
		writeText(w, http.StatusOK, "ready")
	}
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
