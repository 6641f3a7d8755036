package edge

import (
	"compress/gzip"
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/web"
)

// readyTimeout is how long the database may take to say that it is there.
const readyTimeout = 2 * time.Second

// Routes are all that the server answers: /graphql, the schema at /schema.graphql where clients may ask for it, /readyz,
// the playground, and the shims by their patterns. Who asks is found out for /graphql and the shims alone; pages are for
// anyone. It returns an error where the settings cannot be used.
func Routes(store *db.Store, schema string, identify func(*http.Request) (auth.Identity, error), shims map[string]http.Handler, settings Settings, log *slog.Logger) (http.Handler, error) {
	mux := http.NewServeMux()
	admission := newAdmission(settings.Limits)
	for pattern, shim := range shims {
		mux.Handle(pattern, timed(settings.Timeout, auth.Middleware(identify, admission.admit(shim))))
	}
	graphQL, err := newGraphQL(store, settings, admission, log)
	if err != nil {
		return nil, err
	}
	mux.Handle("/graphql", timed(settings.Timeout, auth.Middleware(identify, graphQL)))
	if settings.introspects() {
		mux.HandleFunc("GET /schema.graphql", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Write([]byte(schema))
		})
	}
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := store.Ping(ctx); err != nil {
			log.ErrorContext(ctx, "not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ready\n"))
	})
	mux.Handle("/", web.Handler())
	guarded, err := ownOrigin(settings.CORSOrigins, gzipped(mux))
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

// drainTimeout is how long running requests may take once the server is told to stop.
const drainTimeout = 10 * time.Second

// Serve answers on a listener until the context is done, and then finishes the requests that run.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	return server.Shutdown(drain)
}
