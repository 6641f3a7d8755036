// Package edge is the HTTP server: the routes of all APIs, and the middleware around them, such as admission, timeouts,
// CORS, access log, metrics, tracing and health checks.
package edge

import (
	"compress/gzip"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/klauspost/compress/gzhttp"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
	"usagegraph/web"
)

// Routes returns the handler of all routes: /graphql, /schema.graphql if the settings allow introspection, the endpoints by their
// patterns, and the pages of package web. Requests to /graphql and to the endpoints are authenticated by identify; pages
// are public. All are below the base path of the settings. It returns an error for invalid settings.
func Routes(store *db.Store, schema string, identify func(*http.Request) (auth.Identity, error), endpoints map[string]http.Handler, settings Settings, log *slog.Logger) (http.Handler, error) {
	if err := settings.Check(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	admission := newAdmission(settings)
	authenticated := func(next http.Handler) http.Handler {
		return withTimeout(settings.Timeout, auth.Middleware(identify, logClient(next)))
	}
	for pattern, endpoint := range endpoints {
		if upload, ok := endpoint.(Upload); ok {
			mux.Handle(pattern, auth.Middleware(identify, logClient(upload)))
			continue
		}
		mux.Handle(pattern, authenticated(admission.admit(endpoint)))
	}
	graphQL, err := graphqlhttp.NewHandler(store, settings.Settings, admission, log)
	if err != nil {
		return nil, err
	}
	mux.Handle("/graphql", Surface("graphql", refuseCrossSite(settings.CORSOrigins, authenticated(graphQL))))
	if settings.Introspects() {
		var printed http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Write([]byte(schema))
		})
		if settings.SchemaNeedsClient() {
			printed = authenticated(requireClient(printed))
		}
		mux.Handle("GET /schema.graphql", Surface("web", printed))
	}
	mux.Handle("/", Surface("web", web.Handler(settings.BasePath+"/")))
	routes, err := withCORS(settings.CORSOrigins, withCompression(mux))
	if err != nil {
		return nil, err
	}
	proxies, err := parseProxies(settings.TrustedProxies)
	if err != nil {
		return nil, err
	}
	return withProxies(proxies, securityHeaders(belowPath(settings.BasePath, routes))), nil
}

// Upload is an endpoint for long documents. Its requests have no timeout and do not count as running: the endpoint limits
// them itself.
type Upload struct{ http.Handler }

// belowPath serves requests below a path without the path. It redirects the path itself, and answers others with 404.
func belowPath(path string, next http.Handler) http.Handler {
	if path == "" {
		return next
	}
	mux := http.NewServeMux()
	mux.Handle(path+"/", http.StripPrefix(path, next))
	return mux
}

// requireClient answers requests that auth.Middleware refused with its error.
func requireClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := auth.From(r.Context())
		var refusal *auth.Refusal
		switch {
		case err == nil:
			next.ServeHTTP(w, r)
		case errors.As(err, &refusal):
			w.Header().Set("WWW-Authenticate", "Bearer")
			if refusal.RetryAfter > 0 {
				w.Header().Set("Retry-After", strconv.Itoa(refusal.Seconds()))
			}
			http.Error(w, refusal.Message, refusal.Status())
		default:
			w.Header().Set("Retry-After", strconv.Itoa(db.RetryAfter))
			http.Error(w, "the database does not answer: try again soon", http.StatusServiceUnavailable)
		}
	})
}

// withCompression compresses responses at the fastest level: a higher one halves the throughput. It uses zstd only for
// clients that prefer it to gzip: some announce it and cannot read it.
func withCompression(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.PreferZstd(false))
	if err != nil {
		panic("edge: " + err.Error()) // fails for an invalid level only
	}
	return wrap(next)
}
