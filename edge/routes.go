package edge

import (
	"compress/gzip"
	"log/slog"
	"net/http"

	"github.com/klauspost/compress/gzhttp"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
	"usagegraph/web"
)

// Routes are all that the server answers: /graphql, the schema at /schema.graphql where clients may ask for it, the
// playground, and the shims by their patterns. Who asks is found out for /graphql and the shims alone; pages are for
// anyone. It returns an error where the settings cannot be used.
func Routes(store *db.Store, schema string, identify func(*http.Request) (auth.Identity, error), shims map[string]http.Handler, settings Settings, log *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	if err := settings.check(); err != nil {
		return nil, err
	}
	admission := newAdmission(settings)
	forClients := func(next http.Handler) http.Handler {
		return timed(settings.Timeout, auth.Middleware(identify, named(next)))
	}
	for pattern, shim := range shims {
		mux.Handle(pattern, forClients(admission.admit(shim)))
	}
	graphQL, err := graphqlhttp.NewHandler(store, settings.Settings, observer{admission}, log)
	if err != nil {
		return nil, err
	}
	mux.Handle("/graphql", Surface("graphql", forClients(graphQL)))
	if settings.Introspects() {
		mux.Handle("GET /schema.graphql", Surface("web", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Write([]byte(schema))
		})))
	}
	mux.Handle("/", Surface("web", web.Handler()))
	guarded, err := ownOrigin(settings.CORSOrigins, settings.RequestHeaders, gzipped(mux))
	if err != nil {
		return nil, err
	}
	return secured(guarded), nil
}

// gzipped packs answers for clients that take gzip, at the level that costs least: a higher one halves the throughput.
func gzipped(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic("edge: " + err.Error()) // the level is a constant
	}
	return wrap(next)
}
