package edge

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
)

// admission counts the running requests of all clients and of each, and rejects those above the limits. There is no
// queue.
type admission struct {
	settings Settings
	mu       sync.Mutex
	running  int
	clients  map[string]int
}

var _ graphqlhttp.Observer = (*admission)(nil)

func newAdmission(s Settings) *admission {
	return &admission{settings: s, clients: map[string]int{}}
}

// Admit counts a request as running until leave is called, or returns its rejection. Requests without an identity have
// no limit per client.
func (a *admission) Admit(ctx context.Context) (leave func(), rejection *graphqlhttp.Rejection) {
	client := auth.ClientID(ctx)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case client != "" && a.clients[client] >= a.settings.MaxRunningPerClient:
		countRejected(ctx, "running per client")
		return nil, &graphqlhttp.Rejection{Status: http.StatusTooManyRequests, Message: "too many requests of this client are running: try again"}
	case a.running >= a.settings.MaxRunning:
		countRejected(ctx, "running")
		return nil, &graphqlhttp.Rejection{Status: http.StatusServiceUnavailable, Message: "too many requests are running: try again"}
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

// Operation sets the operation in the access log.
func (*admission) Operation(ctx context.Context, name string) { infoOf(ctx).operation = name }

// LimitExceeded counts the request as rejected.
func (*admission) LimitExceeded(ctx context.Context, limit string) { countRejected(ctx, limit) }

type rejectionKey struct{}

// Rejection returns the rejection of a request to an endpoint, or nil if the request is admitted.
func Rejection(ctx context.Context) *graphqlhttp.Rejection {
	rejection, _ := ctx.Value(rejectionKey{}).(*graphqlhttp.Rejection)
	return rejection
}

// admit admits the requests to an endpoint. A rejected request also reaches the endpoint, which answers it with an error of its
// own format.
func (a *admission) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, rejection := a.Admit(r.Context())
		if rejection != nil {
			w.Header().Set("Retry-After", strconv.Itoa(db.RetryAfter))
			r = r.WithContext(context.WithValue(r.Context(), rejectionKey{}, rejection))
		} else {
			defer leave()
		}
		next.ServeHTTP(w, r)
	})
}
