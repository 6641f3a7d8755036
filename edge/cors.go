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
	protection := http.NewCrossOriginProtection()
	for _, origin := range origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("--cors-origin: want an origin such as https://app.example.com: %w", err)
		}
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeForbidden(w, "cross-origin requests are not allowed from this origin")
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
				writePreflight(w, headers)
				return
			}
		}
		next.ServeHTTP(w, r)
	}), nil
}

// refuseCrossSite rejects the requests that a page of another site makes a browser send by GET, for example as an image.
// The page could not read the answers, but they would cost as much. Browsers send Sec-Fetch-Site; the pages of the trusted
// origins send Origin, too.
func refuseCrossSite(origins []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Site") == "cross-site" && !slices.Contains(origins, r.Header.Get("Origin")) {
			writeForbidden(w, "a page of another site sent this GET request, which any page can make a browser send: use POST from an origin that --cors-origin allows")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// writeForbidden writes a GraphQL response with one error and the status 403.
func writeForbidden(w http.ResponseWriter, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, `{"errors":[{"message":%q,"extensions":{"code":%q}}]}`, message, db.BadInput)
}

// writePreflight writes the response to a preflight request of a trusted origin.
func writePreflight(w http.ResponseWriter, headers string) {
	w.Header().Set("Access-Control-Allow-Methods", corsMethods)
	w.Header().Set("Access-Control-Allow-Headers", headers)
	w.Header().Set("Access-Control-Max-Age", corsMaxAge)
	w.WriteHeader(http.StatusNoContent)
}
