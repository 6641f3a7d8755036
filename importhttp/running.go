package importhttp

import (
	"net/http"
	"strconv"
	"sync"

	"usagegraph/db"
	"usagegraph/jsonhttp"
)

// retryAfter is the number of seconds after which a request may be sent again that was refused because others run.
const retryAfter = 5

// running counts the imports that run. The zero value is ready to use.
type running struct {
	mu    sync.Mutex
	count int
	// keys holds the idempotency keys of the imports that run, by client.
	keys map[[2]string]bool
}

// enter counts an import until leave is called. It returns a refusal if too many run, or one with the same key does.
func (r *running) enter(u upload, most int) (leave func(), refusal *jsonhttp.Response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var key [2]string
	if u.key != nil {
		key = [2]string{u.client, *u.key}
	}
	switch {
	case u.key != nil && r.keys[key]:
		return nil, jsonhttp.Refuse(http.StatusConflict, db.Conflict, "a request with this Idempotency-Key is running: try again").WithHeader("Retry-After", strconv.Itoa(retryAfter))
	case r.count >= most:
		return nil, jsonhttp.Refuse(http.StatusTooManyRequests, db.Overloaded, "too many imports are running: try again").WithHeader("Retry-After", strconv.Itoa(retryAfter))
	}
	r.count++
	if u.key != nil {
		if r.keys == nil {
			r.keys = map[[2]string]bool{}
		}
		r.keys[key] = true
	}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.count--
		delete(r.keys, key)
	}, nil
}
