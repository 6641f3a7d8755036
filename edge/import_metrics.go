package edge

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"usagegraph/db"
)

// importMetrics collects the metrics of the imports of all processes, from the database.
type importMetrics struct{ store *db.Store }

var (
	importLastSuccess = prometheus.NewDesc("usagegraph_import_last_success_timestamp_seconds", "Time of the last complete import of a system.", []string{"source"}, nil)
	importAge         = prometheus.NewDesc("usagegraph_import_age_seconds", "Time since the last complete import of a system.", []string{"source"}, nil)
	importRejects     = prometheus.NewDesc("usagegraph_import_rejects_total", "Rejected records of all imports of a system.", []string{"source"}, nil)
	importFailures    = prometheus.NewDesc("usagegraph_import_failures_total", "Imports of a system that ended with an error.", []string{"source"}, nil)
)

// importMetricsTimeout is the timeout for reading the totals.
const importMetricsTimeout = 2 * time.Second

func (importMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{importLastSuccess, importAge, importRejects, importFailures} {
		to <- d
	}
}

// Collect sends the metrics; none if the database does not answer.
func (m importMetrics) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), importMetricsTimeout)
	defer cancel()
	totals, err := m.store.ImportTotals(ctx)
	if err != nil {
		return
	}
	for _, t := range totals {
		source := t.Source.Lower()
		if t.LastSuccess != nil {
			to <- prometheus.MustNewConstMetric(importLastSuccess, prometheus.GaugeValue, float64(t.LastSuccess.UnixMilli())/1000, source)
			to <- prometheus.MustNewConstMetric(importAge, prometheus.GaugeValue, m.store.Now().Sub(t.LastSuccess.Time).Seconds(), source)
		}
		to <- prometheus.MustNewConstMetric(importRejects, prometheus.CounterValue, float64(t.Rejected), source)
		to <- prometheus.MustNewConstMetric(importFailures, prometheus.CounterValue, float64(t.Failed), source)
	}
}
