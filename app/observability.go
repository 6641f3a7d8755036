package app

import (
	"context"
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

// observabilitySettings are what whoever runs the server can tell it.
type observabilitySettings struct {
	MetricsAddr  string        `env:"METRICS_ADDR" placeholder:"ADDR" help:"Where Prometheus finds /metrics: host:port. Without it there are none to be had."`
	DrainDelay   time.Duration `env:"DRAIN_DELAY" default:"0s" help:"How long requests are still answered once the server is told to stop and /readyz says so, until a load balancer has noticed: at most 4s."`
	OTLPEndpoint string        `name:"otlp-endpoint" env:"OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL" help:"The OpenTelemetry collector that traces are sent to, by OTLP over HTTP. Without it there are none."`
}

// maxDrainDelay leaves a request its time within the fifteen seconds in which the server stops.
const maxDrainDelay = 4 * time.Second

// Validate refuses what cannot be kept to.
func (o *observabilitySettings) Validate() error {
	if o.DrainDelay < 0 || o.DrainDelay > maxDrainDelay {
		return fmt.Errorf("--drain-delay: want 0s to %s", maxDrainDelay)
	}
	return nil
}

// serve runs a server with these settings. The tracer may be nil.
func (o *observabilitySettings) serve(ctx context.Context, listener net.Listener, store *db.Store, tracer trace.TracerProvider, log *slog.Logger, routes http.Handler) error {
	server := edge.Server{Store: store, Log: log, Metrics: edge.NewMetrics(store), Tracer: tracer, DrainDelay: o.DrainDelay}
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

// flushTimeout is how long the last spans may take on their way.
const flushTimeout = time.Second

// tracing returns who is told of spans, and how to stop it; nil where nobody is.
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
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces are lost", "error", err) }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	return provider, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
		defer cancel()
		// A collector that is away is not a reason to end otherwise than well.
		_ = provider.Shutdown(last)
	}, nil
}
