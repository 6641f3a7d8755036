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
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"errors":[{"message":"cross-origin requests are not allowed from this origin","extensions":{"code":%q}}]}`, db.BadInput)
	}))
	protected := protection.Handler(next)
	if len(origins) > 0 {
		protected = cors.New(cors.Options{
			AllowOriginFunc: func(origin string) bool { return slices.Contains(origins, origin) },
			AllowedMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost},
			AllowedHeaders:  []string{"*"},
			ExposedHeaders:  []string{"ETag", "Link", "Retry-After", requestIDHeader, "X-Total-Count", "X-Result-Count", "Content-Range"},
			MaxAge:          corsMaxAge,
		}).Handler(protected)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
