package app

import (
	"errors"
	"log/slog"
	"time"

	"usagegraph/db"
)

// replicaSettings holds the flags of the replicas that a server reads from.
type replicaSettings struct {
	ReplicaURL    []string      `name:"replica-url" env:"REPLICA_URL" placeholder:"URL" help:"PostgreSQL standby of the database to read answers from: postgres://... of one server; repeatable, or separated by commas. Writes, and answers that a standby does not have yet, go to --database."`
	ReplicaMaxLag time.Duration `name:"replica-max-lag" env:"REPLICA_MAX_LAG" default:"5s" help:"Time by which a replica may be behind the database; one that is further behind is not read from."`
}

// Validate checks the maximum lag.
func (r replicaSettings) Validate() error {
	if r.ReplicaMaxLag <= 0 {
		return errors.New("REPLICA_MAX_LAG: want more than 0s, such as 5s")
	}
	return nil
}

func (r replicaSettings) replicas(log *slog.Logger) db.Replicas {
	return db.Replicas{URLs: r.ReplicaURL, MaxLag: r.ReplicaMaxLag, Log: log}
}
