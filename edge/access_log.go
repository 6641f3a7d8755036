package edge

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/loaders"
)

// requestInfo holds what is logged and counted for one request.
type requestInfo struct {
	metrics *Metrics
	// id is the request id.
	id string
	// surface is the API that served the request, or "" if no route matched.
	surface string
	// operation is the name of the GraphQL operation, or the pattern of the route.
	operation string
	// client is the id of the API client, or "" without authentication.
	client string
	// status is the HTTP status, or 0 before it is written.
	status int
	// bytes is the length of the response body.
	bytes int64
	// aborted reports that the handler panicked before the response was complete.
	aborted bool
}

type requestInfoKey struct{}

// infoOf returns the requestInfo of a context, or an empty one outside of a request.
func infoOf(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

// requestIDHeader holds the request id, in requests and responses.
const requestIDHeader = "X-Request-ID"

// validRequestID matches the ids that are safe in a log and in a header.
var validRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID returns the request id that a client or proxy has sent, or a new one if it is absent or invalid.
func requestID(r *http.Request) string {
	if ids := r.Header.Values(requestIDHeader); len(ids) == 1 && validRequestID.MatchString(ids[0]) {
		return ids[0]
	}
	return uuid.NewString()
}

// withAccessLog counts and logs each request. It logs no variables, documents or query strings: they contain phone
// numbers.
func withAccessLog(metrics *Metrics, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		info := &requestInfo{metrics: metrics, id: requestID(r)}
		w.Header().Set(requestIDHeader, info.id)
		ctx := context.WithValue(r.Context(), requestInfoKey{}, info)
		ctx, statements := db.CountStatements(ctx)
		ctx = loaders.WatchBatches(ctx, metrics.observeBatch)
		metrics.running.Inc()
		info.aborted = true
		defer func() {
			metrics.running.Dec()
			info.finish(ctx, log, time.Since(started), statements())
		}()
		next.ServeHTTP(&responseRecorder{w, info}, r.WithContext(ctx))
		info.aborted = false
	})
}

// responseRecorder records the status and the size of a response.
type responseRecorder struct {
	http.ResponseWriter
	*requestInfo
}

// Unwrap returns the underlying writer for http.ResponseController.
func (r *responseRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *responseRecorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *responseRecorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// finish updates the metrics, names the span and writes the line of the access log.
func (info *requestInfo) finish(ctx context.Context, log *slog.Logger, took time.Duration, statements int) {
	if info.status == 0 && !info.aborted {
		info.status = http.StatusOK
	}
	info.metrics.observe(info, took, statements)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetName(info.surface + " " + info.operation)
	}
	attributes := []slog.Attr{
		slog.String("surface", info.surface), slog.String("operation", truncate(info.operation)), slog.Int("status", info.status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", info.bytes), slog.Int("statements", statements),
	}
	if info.client != "" {
		attributes = append(attributes, slog.String("client", truncate(info.client)))
	}
	if info.aborted {
		attributes = append(attributes, slog.Bool("broken", true))
	}
	// The handler is called directly: slog.Logger would look up its caller for each line.
	record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
	record.AddAttrs(attributes...)
	log.Handler().Handle(ctx, record)
}

// maxName is the maximum length of a logged name that a client has chosen, in bytes.
const maxName = 100

func truncate(name string) string { return strings.ToValidUTF8(name[:min(len(name), maxName)], "") }

// Surface returns a handler that records an API as the surface of its requests, and their route as the operation.
func Surface(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := infoOf(r.Context())
		info.surface, info.operation = name, r.Pattern
		next.ServeHTTP(w, r)
	})
}

// logClient records the client that auth.Middleware has identified.
func logClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		infoOf(r.Context()).client = auth.ClientID(r.Context())
		next.ServeHTTP(w, r)
	})
}

// countRejected counts a request that exceeds the named limit.
func countRejected(ctx context.Context, limit string) {
	if info := infoOf(ctx); info.metrics != nil {
		info.metrics.rejected.WithLabelValues(limit).Inc()
	}
}
