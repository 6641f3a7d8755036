package edge

import (
	"github.com/prometheus/client_golang/prometheus"

	"usagegraph/db"
)

// replicas collects the metrics of the replicas of a store.
type replicas struct{ store *db.Store }

var (
	replicaInUse    = prometheus.NewDesc("usagegraph_replica_in_use", "Whether answers are read from a replica: 1 or 0.", []string{"replica"}, nil)
	replicaLag      = prometheus.NewDesc("usagegraph_replica_lag_seconds", "Time since when the database has a later revision than a replica.", []string{"replica"}, nil)
	replicaRevision = prometheus.NewDesc("usagegraph_replica_revision", "Revision of the records of a replica.", []string{"replica"}, nil)
	replicaAnswers  = prometheus.NewDesc("usagegraph_replica_answers_total", "Answers that were read from a replica.", []string{"replica"}, nil)
)

func (c replicas) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{replicaInUse, replicaLag, replicaRevision, replicaAnswers} {
		to <- d
	}
}

func (c replicas) Collect(to chan<- prometheus.Metric) {
	for _, r := range c.store.Replicas() {
		inUse := 0.0
		if r.Refusal == "" {
			inUse = 1
		}
		to <- prometheus.MustNewConstMetric(replicaInUse, prometheus.GaugeValue, inUse, r.Name)
		to <- prometheus.MustNewConstMetric(replicaLag, prometheus.GaugeValue, r.Lag.Seconds(), r.Name)
		to <- prometheus.MustNewConstMetric(replicaRevision, prometheus.GaugeValue, float64(r.Revision), r.Name)
		to <- prometheus.MustNewConstMetric(replicaAnswers, prometheus.CounterValue, float64(r.Answers), r.Name)
	}
}
