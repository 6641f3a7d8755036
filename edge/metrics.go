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

// Metrics holds the Prometheus metrics of a server.
type Metrics struct {
	registry   *prometheus.Registry
	running    prometheus.Gauge
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	batches    prometheus.Histogram
	rejected   *prometheus.CounterVec
	operations operationLabels
}

// NewMetrics returns the metrics of a server, including those of the connection pools of its store.
func NewMetrics(store *db.Store) *Metrics {
	histogram := func(name, help string, buckets []float64) prometheus.HistogramOpts {
		return prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}
	}
	counts := prometheus.ExponentialBuckets(1, 2, 11)
	labels := []string{"surface", "operation"}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "usagegraph_requests_running", Help: "Requests that are running."}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usagegraph_requests_total", Help: "Requests by API, operation and status."}, append(labels, "status")),
		seconds: prometheus.NewHistogramVec(histogram("usagegraph_request_duration_seconds",
			"Duration of requests.", []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}), labels),
		statements: prometheus.NewHistogramVec(histogram("usagegraph_request_statements",
			"SQL statements per request.", append([]float64{0}, counts...)), labels),
		batches: prometheus.NewHistogram(histogram("usagegraph_batch_size",
			"Keys per batch of a dataloader.", counts)),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "usagegraph_rejected_total", Help: "Requests that exceeded a limit."}, []string{"limit"}),
		operations: operationLabels{names: map[string]bool{}},
	}
	m.registry.MustRegister(m.running, m.requests, m.seconds, m.statements, m.batches, m.rejected, pools{store}, replicas{store}, importMetrics{store},
		collectors.NewBuildInfoCollector(), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves GET /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

func (m *Metrics) observeBatch(size int) { m.batches.Observe(float64(size)) }

// observe counts a request that has ended.
func (m *Metrics) observe(info *requestInfo, took time.Duration, statements int) {
	surface, status := info.surface, strconv.Itoa(info.status)
	if surface == "" {
		surface = "none"
	}
	if info.aborted {
		status = "broken"
	}
	operation := m.operations.label(info.operation)
	m.requests.WithLabelValues(surface, operation, status).Inc()
	m.seconds.WithLabelValues(surface, operation).Observe(took.Seconds())
	m.statements.WithLabelValues(surface, operation).Observe(float64(statements))
}

// operationLabels limits the values of the label operation. Clients choose the names of their operations, and each
// value takes memory here and in Prometheus: only the first maxOperations names are values of their own.
type operationLabels struct {
	mu    sync.Mutex
	names map[string]bool
}

const (
	maxOperations   = 100
	otherOperations = "other"
)

// label returns the value for an operation: its name, or otherOperations.
func (o *operationLabels) label(name string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.names[name]:
	case len(name) > maxName || len(o.names) == maxOperations:
		return otherOperations
	default:
		o.names[name] = true
	}
	return name
}

// pools collects the metrics of the connection pools of a store.
type pools struct{ store *db.Store }

var (
	poolConnections = prometheus.NewDesc("usagegraph_pool_connections", "Connections by state.", []string{"pool", "state"}, nil)
	poolMax         = prometheus.NewDesc("usagegraph_pool_connections_max", "Maximum number of connections.", []string{"pool"}, nil)
	poolWaits       = prometheus.NewDesc("usagegraph_pool_waits_total", "Statements that waited for a connection.", []string{"pool"}, nil)
	poolWaited      = prometheus.NewDesc("usagegraph_pool_wait_seconds_total", "Time that statements waited for a connection.", []string{"pool"}, nil)
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
