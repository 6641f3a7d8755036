package edge

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
)

// Server serves the handler of Routes with health checks, access log, metrics and tracing.
type Server struct {
	Store   *db.Store
	Log     *slog.Logger
	Metrics *Metrics
	// MetricsListener is the listener of /metrics; nil serves no metrics.
	MetricsListener net.Listener
	// Tracer makes the spans of requests; nil makes none.
	Tracer trace.TracerProvider
	// DrainDelay is the time from the start of the shutdown, when /readyz begins to answer 503, until new requests are
	// rejected. It should be longer than a load balancer needs to notice.
	DrainDelay time.Duration
	// IdleTimeout is the time after which an idle connection is closed. It should be longer than that of a load balancer,
	// which could otherwise send a request over a connection that is being closed.
	IdleTimeout time.Duration
}

const (
	// drainTimeout is the timeout of the running requests in a shutdown; it equals the default timeout of a request.
	drainTimeout = 10 * time.Second
	// closeTimeout is the timeout for closing the connections after that.
	closeTimeout = time.Second
)

// Serve serves requests on a listener until the context is done, and shuts down gracefully: /readyz answers 503, and
// each connection is closed after its next response. After DrainDelay the idle connections are closed and new requests
// are rejected, and when the running requests have ended the listener is closed.
func (s *Server) Serve(ctx context.Context, listener net.Listener, routes http.Handler) error {
	requests := &inFlight{}
	health := &health{store: s.Store, log: s.Log,
		next: withTracing(s.Tracer, withAccessLog(s.Metrics, s.Log, requests.admit(routes)))}
	server, metrics := s.server(health), s.server(s.Metrics.Handler())
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(lateListener{listener}) }()
	if s.MetricsListener != nil {
		go func() { failed <- metrics.Serve(s.MetricsListener) }()
	}
	defer metrics.Close()
	select {
	case err := <-failed:
		server.Close()
		return err
	case <-ctx.Done():
	}
	health.draining.Store(true)
	time.Sleep(s.DrainDelay)
	// Closes the idle connections, over which a load balancer may have sent requests during the delay.
	server.SetKeepAlivesEnabled(false)
	requests.drain(drainTimeout)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := server.Shutdown(closing); err != nil {
		s.Log.Warn("requests were aborted by the shutdown", "error", err)
		server.Close()
	}
	return nil
}

func (s *Server) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelError),
		ConnState: setConnState, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: s.IdleTimeout, MaxHeaderBytes: 32 << 10,
	}
}
