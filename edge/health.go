package edge

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"usagegraph/db"
)

// readyTimeout is how long the database may take to say that it is there.
const readyTimeout = 2 * time.Second

// health answers whoever watches over the server: before all limits, and without a line in the log for each time.
type health struct {
	store *db.Store
	log   *slog.Logger
	// draining tells that the server is about to stop.
	draining atomic.Bool
	next     http.Handler
}

func (h *health) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path != "/livez" && r.URL.Path != "/readyz":
		h.next.ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "want GET or HEAD", http.StatusMethodNotAllowed)
	case r.URL.Path == "/livez":
		tell(w, http.StatusOK, "alive")
	case h.draining.Load():
		tell(w, http.StatusServiceUnavailable, "draining")
	default:
		h.ready(w, r)
	}
}

// ready tells whether requests can be answered: the database is there, with the tables that this program was made for.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := h.store.Ready(ctx); err != nil {
		h.log.WarnContext(ctx, "not ready", "error", err)
		tell(w, http.StatusServiceUnavailable, "not ready: the log says why")
		return
	}
	tell(w, http.StatusOK, "ready")
}

func tell(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
