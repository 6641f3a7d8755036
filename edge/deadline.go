package edge

import (
	"context"
	"net/http"
	"time"
)

// tooSlow is what a client is told whose request had to be given up.
const tooSlow = "the request took too long: try again, or ask for less"

// timed gives requests so much time; their context carries it into every statement.
func timed(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
