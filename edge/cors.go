package edge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"usagegraph/db"
)

const (
	corsMethods = "GET, HEAD, POST"
	corsHeaders = "Authorization, Content-Type, If-None-Match, X-Request-Id"
	corsExposed = "ETag, Link, Retry-After, X-Request-Id, X-Total-Count, X-Result-Count, Content-Range"
	// corsMaxAge is how long a browser may remember what a preflight said, in seconds.
	corsMaxAge = "600"
)

// secured says on every answer what a browser may do with it: nothing but what a page's own policy allows, which web
// puts in the place of this one.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// ownOrigin refuses requests that a page of another origin makes, but for GET, HEAD and OPTIONS, which change nothing,
// and for the origins that are let in. Those may read answers, too; never with a browser's own credentials, so that a
// page needs a client's. It returns an error for what is no origin.
func ownOrigin(origins, requestHeaders []string, next http.Handler) (http.Handler, error) {
	headers := strings.Join(append([]string{corsHeaders}, requestHeaders...), ", ")
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("--cors-origin: want an origin such as https://app.example.com: %w", err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"errors":[{"message":"pages of other origins may not ask here","extensions":{"code":%q}}]}`, db.BadInput)
	}))
	next = protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(origins) > 0 {
			w.Header().Add("Vary", "Origin")
		}
		if origin := r.Header.Get("Origin"); slices.Contains(origins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", corsExposed)
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				preflight(w, headers)
				return
			}
		}
		next.ServeHTTP(w, r)
	}), nil
}

// preflight answers what a browser asks before it makes a request for a page of another origin.
func preflight(w http.ResponseWriter, headers string) {
	w.Header().Set("Access-Control-Allow-Methods", corsMethods)
	w.Header().Set("Access-Control-Allow-Headers", headers)
	w.Header().Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
}
