package edge

import (
	"context"
	"errors"
	"fmt"
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

// checkReadiness answers 200 if the database answers and its schema has the version of this program, or if replicas are
// read from, and 503 otherwise.
func (h *health) checkReadiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readinessTimeout)
	defer cancel()
	var readOnly bool
	err := h.store.Ready(ctx)
	if err == nil {
		readOnly, err = h.store.ReadOnly(ctx)
	}
	switch {
	case err != nil && h.store.ReadsReplicasOnly():
		h.writeReady(w, "ready, read-only: the database does not answer, and answers are read from replicas")
	case err != nil:
		h.log.WarnContext(ctx, "not ready", "error", err)
		reason := "see the log"
		if known := (*db.Error)(nil); errors.As(err, &known) && known.Code == db.Unavailable {
			reason = known.Message
		}
		writeText(w, http.StatusServiceUnavailable, "not ready: "+reason)
	case readOnly:
		h.writeReady(w, "ready, read-only")
	default:
		h.writeReady(w, "ready")
	}
}

// writeReady writes a text and a line for each replica.
func (h *health) writeReady(w http.ResponseWriter, text string) {
	for _, r := range h.store.Replicas() {
		if r.Refusal == "" {
			text += fmt.Sprintf("\nreplica %s is read from: %.1f s behind", r.Name, r.Lag.Seconds())
		} else {
			text += fmt.Sprintf("\nreplica %s is not read from: %s", r.Name, r.Refusal)
		}
	}
	writeText(w, http.StatusOK, text)
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
