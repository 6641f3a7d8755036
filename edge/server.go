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

// Server runs what Routes makes.
type Server struct {
	Store   *db.Store
	Log     *slog.Logger
	Metrics *Metrics
	// MetricsListener is where the metrics are to be had; nil is nowhere.
	MetricsListener net.Listener
	// Tracer is who is told of spans; nil is nobody.
	Tracer trace.TracerProvider
	// DrainDelay is how long requests are still let in once readiness has fallen, until whoever sends them has noticed.
	DrainDelay time.Duration
}

const (
	// drainTimeout is how long running requests may take once no more are let in: as long as a request may.
	drainTimeout = 10 * time.Second
	// closeTimeout is how long the last answers may take on their way.
	closeTimeout = time.Second
)

// Serve answers on a listener until the context is done. Then readiness falls, after the delay no more requests are let
// in, and when those that run are answered the listener closes; until then /readyz can be asked.
func (s *Server) Serve(ctx context.Context, listener net.Listener, routes http.Handler) error {
	gate := &gate{}
	health := &health{store: s.Store, log: s.Log,
		next: traced(s.Tracer, observed(s.Metrics, s.Log, gate.through(routes)))}
	server, metrics := s.server(health), s.server(s.Metrics.Handler())
	failed := make(chan error, 2)
	go func() { failed <- server.Serve(listener) }()
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
	server.SetKeepAlivesEnabled(false)
	time.Sleep(s.DrainDelay)
	gate.shut(drainTimeout)
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		s.Log.Warn("some requests were not finished", "error", err)
		server.Close()
	}
	return nil
}

func (s *Server) server(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(s.Log.Handler(), slog.LevelError), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
	}
}
