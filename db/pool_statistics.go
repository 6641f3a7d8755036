package db

import (
	"time"

	"github.com/jmoiron/sqlx"
)

// Pool holds statistics of a connection pool.
type Pool struct {
	// Max is the maximum number of open connections. InUse and Idle are the current numbers.
	Max, InUse, Idle int
	// Waits counts the waits for a connection, Waited is their total time.
	Waits  int64
	Waited time.Duration
}

// Pools returns statistics of the connection pools by name: read, write if that is a different pool, and host:port of each
// replica.
func (s *Store) Pools() map[string]Pool {
	pools := map[string]Pool{}
	all := map[string]*sqlx.DB{"write": s.pools.Write, "read": s.pools.Read}
	if s.pools.Write == s.pools.Read {
		delete(all, "write")
	}
	if s.replicas != nil {
		for _, r := range s.replicas.list {
			all[r.name] = r.pools.Read
		}
	}
	for name, pool := range all {
		stats := pool.Stats()
		pools[name] = Pool{stats.MaxOpenConnections, stats.InUse, stats.Idle, stats.WaitCount, stats.WaitDuration}
	}
	return pools
}
