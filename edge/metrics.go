package edge

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"usagegraph/db"
)

// Metrics are what Prometheus is told.
type Metrics struct {
	registry   *prometheus.Registry
	running    prometheus.Gauge
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	batches    prometheus.Histogram
	rejected   *prometheus.CounterVec
	operations operations
}

// NewMetrics makes the metrics of a server and of its store's pools.
func NewMetrics(store *db.Store) *Metrics {
	histogram := func(name, help string, buckets []float64) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}
	}
	counts := prometheus.ExponentialBuckets(1, 2, 11)
	of := []string{"surface", "operation"}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "usagegraph_requests_running", Help: "Requests that are being answered."}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usagegraph_requests_total", Help: "Requests, by what was answered."}, append(of, "status")),
		seconds: prometheus.NewHistogramVec(histogram("usagegraph_request_duration_seconds",
			"How long requests took.", []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}), of),
		statements: prometheus.NewHistogramVec(histogram("usagegraph_request_statements",
			"SQL statements that a request took.", append([]float64{0}, counts...)), of),
		batches: prometheus.NewHistogram(histogram("usagegraph_batch_size",
			"Records that were asked for by one statement of a dataloader.", counts)),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usagegraph_rejected_total", Help: "Requests that a limit kept out."}, []string{"limit"}),
		operations: operations{known: map[string]bool{}},
	}
	m.registry.MustRegister(m.running, m.requests, m.seconds, m.statements, m.batches, m.rejected, pools{store},
		collectors.NewBuildInfoCollector(), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers GET /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

func (m *Metrics) batch(size int) { m.batches.Observe(float64(size)) }

// done counts an exchange that is over.
func (m *Metrics) done(x *exchange, took time.Duration, statements int) {
	surface, status := x.surface, strconv.Itoa(x.status)
	if surface == "" {
		surface = "none"
	}
	if x.broken {
		status = "broken"
	}
	operation := m.operations.label(x.operation)
	m.requests.WithLabelValues(surface, operation, status).Inc()
	m.seconds.WithLabelValues(surface, operation).Observe(took.Seconds())
	m.statements.WithLabelValues(surface, operation).Observe(float64(statements))
}

// operations are the names that have a series of their own. Clients make names up, and every one costs memory here and
// in Prometheus: the first hundred have theirs, all others are one.
type operations struct {
	mu    sync.Mutex
	known map[string]bool
}

const (
	maxOperations   = 100
	otherOperations = "other"
)

func (o *operations) label(name string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.known[name]:
	case len(name) > maxName || len(o.known) == maxOperations:
		return otherOperations
	default:
		o.known[name] = true
	}
	return name
}

// pools tells of a store's pools when it is asked.
type pools struct{ store *db.Store }

var (
	poolConnections = prometheus.NewDesc("usagegraph_pool_connections", "Connections to the database.", []string{"pool", "state"}, nil)
	poolMax         = prometheus.NewDesc("usagegraph_pool_connections_max", "Connections to the database that there may be.", []string{"pool"}, nil)
	poolWaits       = prometheus.NewDesc("usagegraph_pool_waits_total", "How often a statement had to wait for a connection.", []string{"pool"}, nil)
	poolWaited      = prometheus.NewDesc("usagegraph_pool_wait_seconds_total", "How long statements have waited for connections.", []string{"pool"}, nil)
)

func (p pools) Describe(to chan<- *prometheus.Desc) { prometheus.DescribeByCollect(p, to) }

func (p pools) Collect(to chan<- prometheus.Metric) {
	for name, s := range p.store.Pools() {
		to <- prometheus.MustNewConstMetric(poolConnections, prometheus.GaugeValue, float64(s.InUse), name, "in_use")
		to <- prometheus.MustNewConstMetric(poolConnections, prometheus.GaugeValue, float64(s.Idle), name, "idle")
		to <- prometheus.MustNewConstMetric(poolMax, prometheus.GaugeValue, float64(s.Max), name)
		to <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(s.Waits), name)
		to <- prometheus.MustNewConstMetric(poolWaited, prometheus.CounterValue, s.Waited.Seconds(), name)
	}
}
