package edge

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"usagegraph/auth"
)

// Refusal is why a request is not worked on now. Each surface has its own words for an error, and says them when it
// asks for whom it works.
type Refusal struct {
	// Status is the HTTP status: 503 where too many requests run, 429 where too many of this client do.
	Status  int
	Message string
}

// admission counts the requests that run. There is no queue: who would wait is told at once to come again.
type admission struct {
	limits  Limits
	mu      sync.Mutex
	running int
	clients map[string]int
}

func newAdmission(l Limits) *admission {
	return &admission{limits: l, clients: map[string]int{}}
}

// enter counts a request of a client in, until leave is called. Where nobody has to say who he is, no client can be
// told from another, and none has a limit of his own.
func (a *admission) enter(ctx context.Context) (leave func(), refusal *Refusal) {
	client := auth.ClientID(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case client != "" && a.clients[client] >= a.limits.MaxRunningPerClient:
		Rejected(ctx, "running per client")
		return nil, &Refusal{http.StatusTooManyRequests, "too many requests of this client are running: try again"}
	case a.running >= a.limits.MaxRunning:
		Rejected(ctx, "running")
		return nil, &Refusal{http.StatusServiceUnavailable, "too many requests are running: try again"}
	}
	a.running++
	a.clients[client]++
	return func() { a.leave(client) }, nil
}

func (a *admission) leave(client string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running--
	if a.clients[client]--; a.clients[client] == 0 {
		delete(a.clients, client)
	}
}

type refusalKey struct{}

// Refused returns why a request is not worked on now; nil where it is.
func Refused(ctx context.Context) *Refusal {
	refusal, _ := ctx.Value(refusalKey{}).(*Refusal)
	return refusal
}

// admit counts the requests of a shim in. One that is refused goes on, for the shim to say so.
func (a *admission) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, refusal := a.enter(r.Context())
		if refusal != nil {
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
			r = r.WithContext(context.WithValue(r.Context(), refusalKey{}, refusal))
		} else {
			defer leave()
		}
		next.ServeHTTP(w, r)
	})
}
