package edge

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rs/cors"

	"usagegraph/db"
)

// corsMaxAge is the time for which a browser caches a preflight response, in seconds.
const corsMaxAge = 600

// withCORS rejects cross-origin requests of browsers, except GET, HEAD and OPTIONS, which change nothing, and except
// the requests of the trusted origins. Pages of the trusted origins can also send any header and read responses, but
// browsers send no cookies with their requests, so they need the credentials of a client. It returns an error for an
// invalid origin.
func withCORS(origins []string, next http.Handler) (http.Handler, error) {
	protection, err := trustOrigins(origins)
	if err != nil {
		return nil, err
	}
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeForbidden(w, "cross-origin requests are not allowed from this origin")
	}))
	protected := protection.Handler(next)
	if len(origins) > 0 {
		protected = cors.New(cors.Options{
			AllowOriginFunc: func(origin string) bool { return slices.Contains(origins, origin) },
			AllowedMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost},
			AllowedHeaders:  []string{"*"},
			ExposedHeaders:  []string{"ETag", "Link", "Retry-After", requestIDHeader, db.RevisionHeader, "X-Total-Count", "X-Result-Count", "Content-Range"},
			MaxAge:          corsMaxAge,
		}).Handler(protected)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The protection compares the host with that of the origin, which browsers write in lower case.
		r.Host = strings.ToLower(r.Host)
		protected.ServeHTTP(w, r)
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
