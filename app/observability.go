package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	"usagegraph/edge"
)

// observabilitySettings holds the flags for metrics, traces and the drain of a server.
type observabilitySettings struct {
	MetricsAddr  string        `env:"METRICS_ADDR" placeholder:"ADDR" help:"Address of /metrics for Prometheus: host:port. Without it there are no metrics."`
	DrainDelay   time.Duration `env:"DRAIN_DELAY" default:"0s" help:"Time after the stop signal during which /readyz fails and requests are still answered, so that load balancers can remove the server: 0s to 4s."`
	IdleTimeout  time.Duration `env:"IDLE_TIMEOUT" default:"75s" help:"Time after which an idle connection is closed: longer than the idle timeout of the load balancer, which is 60s for most."`
	OTLPEndpoint string        `name:"otlp-endpoint" env:"OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL" help:"OpenTelemetry collector for traces (OTLP over HTTP). Without it there are no traces."`
}

// maxDrainDelay is the longest drain delay. The server stops within 15 seconds, and a request may take 10 of them.
const maxDrainDelay = 4 * time.Second

// Validate checks the drain delay and the idle timeout.
func (o *observabilitySettings) Validate() error {
	if o.DrainDelay < 0 || o.DrainDelay > maxDrainDelay {
		return fmt.Errorf("--drain-delay: want 0s to %s", maxDrainDelay)
	}
	if o.IdleTimeout <= 0 {
		return errors.New("IDLE_TIMEOUT: want more than 0s, such as 75s")
	}
	return nil
}

// serve runs a server with these settings. The tracer may be nil.
func (o *observabilitySettings) serve(ctx context.Context, listener net.Listener, store *db.Store, tracer trace.TracerProvider, log *slog.Logger, routes http.Handler) error {
	server := edge.Server{Store: store, Log: log, Metrics: edge.NewMetrics(store), Tracer: tracer, DrainDelay: o.DrainDelay, IdleTimeout: o.IdleTimeout}
	if o.MetricsAddr != "" {
		var config net.ListenConfig
		metrics, err := config.Listen(ctx, "tcp", o.MetricsAddr)
		if err != nil {
			return fmt.Errorf("--metrics-addr: %w", err)
		}
		log.InfoContext(ctx, "metrics", "url", "http://"+metrics.Addr().String()+"/metrics")
		server.MetricsListener = metrics
	}
	return server.Serve(ctx, listener, routes)
}

// flushTimeout is the timeout for the export of the last spans.
const flushTimeout = time.Second

// tracing returns the tracer provider, or nil if there is no collector, and a function that flushes and stops it.
func (o *observabilitySettings) tracing(ctx context.Context, log *slog.Logger) (trace.TracerProvider, func(), error) {
	if o.OTLPEndpoint == "" {
		return nil, func() {}, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimRight(o.OTLPEndpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, nil, fmt.Errorf("--otlp-endpoint: %w", err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "usagegraph")), resource.WithFromEnv())
	if err != nil {
		return nil, nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("cannot export traces", "error", err) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return provider, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
		defer cancel()
		// An outage of the collector does not change the exit code.
		_ = provider.Shutdown(last)
	}, nil
}
