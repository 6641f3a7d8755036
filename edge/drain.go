package edge

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"usagegraph/db"
)

// inFlight tracks the running requests, each of which holds a read lock.
type inFlight struct{ sync.RWMutex }

// admit serves requests until drain is called, and answers later ones with 503.
func (f *inFlight) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.TryRLock() {
			w.Header().Set("Retry-After", strconv.Itoa(db.RetryAfter))
			writeText(w, http.StatusServiceUnavailable, "the server is shutting down: try again")
			return
		}
		defer f.RUnlock()
		next.ServeHTTP(w, r)
	})
}

// drain stops admitting requests, and waits until the running ones end or the timeout expires.
func (f *inFlight) drain(timeout time.Duration) {
	drained := make(chan struct{})
	go func() {
		f.Lock()
		close(drained)
	}()
	select {
	case <-drained:
	case <-time.After(timeout):
	}
}
