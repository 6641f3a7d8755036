package edge

import (
	"compress/gzip"
	"log/slog"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/web"
)

// Routes are all that clients are answered: /graphql, the schema at /schema.graphql, the playground, and the shims by
// their patterns. Who asks is found out for /graphql and the shims alone; pages are for anyone. The tracer may be nil.
func Routes(store *db.Store, schema string, identify func(*http.Request) (auth.Identity, error), shims map[string]http.Handler, tracer trace.TracerProvider, log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	for pattern, shim := range shims {
		mux.Handle(pattern, timed(requestTimeout, auth.Middleware(identify, shim)))
	}
	mux.Handle("/graphql", Surface("graphql", timed(requestTimeout, auth.Middleware(identify, withOutage(GraphQL(store, tracer, log))))))
	mux.Handle("GET /schema.graphql", Surface("web", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte(schema))
	})))
	mux.Handle("/", Surface("web", web.Handler()))
	return gzipped(mux)
}

// gzipped packs answers for clients that take gzip, at the level that costs least: a higher one halves the throughput.
func gzipped(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed))
	if err != nil {
		panic("edge: " + err.Error()) // the level is a constant
	}
	return wrap(next)
}
