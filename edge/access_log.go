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

// exchange is a request and its answer, as the operator is told of them.
type exchange struct {
	metrics *Metrics
	// id is the request's id.
	id string
	// surface is which of the APIs answered; empty where none did.
	surface string
	// operation is the name of a GraphQL operation, as its client has it, or the pattern of the path.
	operation string
	// client is the id of the client who asked; empty where nobody has to say, and where he is refused.
	client string
	// status is the HTTP status; 0 while none is sent.
	status int
	bytes  int64
	// broken tells that the answer was broken off.
	broken bool
}

type exchangeKey struct{}

// exchangeOf returns the exchange that a context belongs to; one that nobody sees where it belongs to none.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// requestID is the header by which a client, or a proxy, may name its request, and by which every answer is named.
const requestID = "X-Request-ID"

// goodID is a name that can go into a log and a header as it is.
var goodID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// idOf returns the id that a request has, or a new one.
func idOf(r *http.Request) string {
	if ids := r.Header.Values(requestID); len(ids) == 1 && goodID.MatchString(ids[0]) {
		return ids[0]
	}
	return uuid.NewString()
}

// observed counts and logs each exchange. What is logged is who, what and how long: no variables, no documents, no
// query strings, which hold phone numbers.
func observed(metrics *Metrics, log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		x := &exchange{metrics: metrics, id: idOf(r)}
		w.Header().Set(requestID, x.id)
		ctx := context.WithValue(r.Context(), exchangeKey{}, x)
		ctx, statements := db.CountStatements(ctx)
		ctx = loaders.WatchBatches(ctx, metrics.batch)
		metrics.running.Inc()
		x.broken = true
		defer func() {
			metrics.running.Dec()
			x.done(ctx, log, time.Since(started), statements())
		}()
		next.ServeHTTP(&recorder{w, x}, r.WithContext(ctx))
		x.broken = false
	})
}

// recorder notes what is sent.
type recorder struct {
	http.ResponseWriter
	*exchange
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// done tells the operator of an exchange that is over.
func (x *exchange) done(ctx context.Context, log *slog.Logger, took time.Duration, statements int) {
	if x.status == 0 && !x.broken {
		x.status = http.StatusOK
	}
	x.metrics.done(x, took, statements)
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		span.SetName(x.surface + " " + x.operation)
	}
	attributes := []slog.Attr{
		slog.String("surface", x.surface), slog.String("operation", clipped(x.operation)), slog.Int("status", x.status),
		slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", x.bytes), slog.Int("statements", statements),
	}
	if x.client != "" {
		attributes = append(attributes, slog.String("client", clipped(x.client)))
	}
	if x.broken {
		attributes = append(attributes, slog.Bool("broken", true))
	}
	// Not by the logger, which would find out who calls it.
	record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
	record.AddAttrs(attributes...)
	log.Handler().Handle(ctx, record)
}

// maxName is how much of a name that a client chose is kept, in bytes.
const maxName = 100

func clipped(name string) string { return strings.ToValidUTF8(name[:min(len(name), maxName)], "") }

// Surface says by which API a request is answered.
func Surface(name string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x := exchangeOf(r.Context())
		x.surface, x.operation = name, r.Pattern
		next.ServeHTTP(w, r)
	})
}

// named says which client a request is from.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		exchangeOf(r.Context()).client = auth.ClientID(r.Context())
		next.ServeHTTP(w, r)
	})
}

// countRejected counts a request that a limit has kept out, by the limit's name.
func countRejected(ctx context.Context, limit string) {
	if x := exchangeOf(ctx); x.metrics != nil {
		x.metrics.rejected.WithLabelValues(limit).Inc()
	}
}
