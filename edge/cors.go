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
	// corsMaxAge is the time for which a browser caches a preflight response, in seconds.
	corsMaxAge = "600"
)

// withCORS rejects cross-origin requests of browsers, except GET, HEAD and OPTIONS, which change nothing, and except
// the requests of the trusted origins. Pages of the trusted origins can also read responses, but browsers send no
// cookies with their requests, so they need the credentials of a client. requestHeaders are the headers that they may
// send besides corsHeaders. It returns an error for an invalid origin.
func withCORS(origins, requestHeaders []string, next http.Handler) (http.Handler, error) {
	headers := strings.Join(append([]string{corsHeaders}, requestHeaders...), ", ")
	protection, err := trustOrigins(origins)
	if err != nil {
		return nil, err
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"errors":[{"message":"cross-origin requests are not allowed from this origin","extensions":{"code":%q}}]}`, db.BadInput)
	}))
	protected := protection.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(origins) > 0 {
			w.Header().Add("Vary", "Origin")
		}
		if origin := r.Header.Get("Origin"); slices.Contains(origins, origin) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", corsExposed)
			if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
				writePreflight(w, headers)
				return
			}
		}
		// The protection compares the host with that of the origin, which browsers write in lower case.
		r.Host = strings.ToLower(r.Host)
		protected.ServeHTTP(w, r)
	}), nil
}

// trustOrigins returns a protection that allows the requests of the origins. It returns an error for an invalid origin.
func trustOrigins(origins []string) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("--cors-origin: want an origin such as https://app.example.com: %w", err)
		}
	}
	return protection, nil
}

// writePreflight writes the response to a preflight request of a trusted origin.
func writePreflight(w http.ResponseWriter, headers string) {
	w.Header().Set("Access-Control-Allow-Methods", corsMethods)
	w.Header().Set("Access-Control-Allow-Headers", headers)
	w.Header().Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
}
