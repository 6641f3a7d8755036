package edge

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"usagegraph/auth"
	"usagegraph/graphqlhttp"
)

// admission counts the requests that run. There is no queue: who would wait is told at once to come again.
type admission struct {
	settings Settings
	mu       sync.Mutex
	running  int
	clients  map[string]int
}

func newAdmission(s Settings) *admission {
	return &admission{settings: s, clients: map[string]int{}}
}

// enter counts a request of a client in, until leave is called. Where nobody has to say who he is, no client can be
// told from another, and none has a limit of his own.
func (a *admission) enter(ctx context.Context) (leave func(), refusal *graphqlhttp.Rejection) {
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

type refusalKey struct{}

// Rejection returns why a request is not worked on now; nil where it is.
func Rejection(ctx context.Context) *graphqlhttp.Rejection {
	refusal, _ := ctx.Value(refusalKey{}).(*graphqlhttp.Rejection)
	return refusal
}

// admit counts the requests of a shim in. One that is refused goes on, for the shim to say so.
func (a *admission) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, refusal := a.enter(r.Context())
		if refusal != nil {
			w.Header().Set("Retry-After", strconv.Itoa(graphqlhttp.RetryAfter))
			r = r.WithContext(context.WithValue(r.Context(), refusalKey{}, refusal))
		} else {
			defer leave()
		}
		next.ServeHTTP(w, r)
	})
}

// observer is what the GraphQL endpoint reports its requests to.
type observer struct{ *admission }

var _ graphqlhttp.Observer = observer{}

// Admit counts a request in.
func (o observer) Admit(ctx context.Context) (func(), *graphqlhttp.Rejection) { return o.enter(ctx) }

// Operation sets the operation in the access log.
func (observer) Operation(ctx context.Context, name string) { exchangeOf(ctx).operation = name }

// LimitExceeded counts the request as rejected.
func (observer) LimitExceeded(ctx context.Context, limit string) { countRejected(ctx, limit) }
