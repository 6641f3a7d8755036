package edge

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"usagegraph/graphqlhttp"
)

// gate lets requests in until it is shut, and knows when the last of them is out: each holds the lock for reading.
type gate struct{ sync.RWMutex }

// through lets requests in; to those that come when it is shut it says that they should come again, to another server.
func (g *gate) through(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !g.TryRLock() {
			w.Header().Set("Retry-After", strconv.Itoa(graphqlhttp.RetryAfter))
			tell(w, http.StatusServiceUnavailable, "this server is about to stop: try again")
			return
		}
		defer g.RUnlock()
		next.ServeHTTP(w, r)
	})
}

// shut keeps further requests out and waits until those that are in are answered, but no longer than it is told.
func (g *gate) shut(patience time.Duration) {
	empty := make(chan struct{})
	go func() {
		g.Lock()
		close(empty)
	}()
	select {
	case <-empty:
	case <-time.After(patience):
	}
}
