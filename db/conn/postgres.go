package conn

import (
	"context"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// OpenPostgres opens the connection pool of the database of a connection string (see IsPostgres). It does not connect yet.
func OpenPostgres(text string, o Options) (*Pools, error) {
	connector, err := newConnector(text, o.Unprepared)
	if err != nil {
		return nil, err
	}
	pool := sqlx.NewDb(openPool(connector, o.Tracer), "postgres")
	pool.SetMaxOpenConns(o.Connections)
	// With fewer idle connections than open ones, every burst would close connections and open new ones.
	pool.SetMaxIdleConns(o.Connections)
	// Firewalls drop connections that are idle for an hour or more. The lifetime moves connections to a new server
	// behind the same address after a failover.
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(30 * time.Minute)
	monitor := &outageMonitor{
		ping: func(ctx context.Context) error {
			conn, err := connector.Connect(ctx)
			if err != nil {
				return err
			}
			return errors.Join(conn.(pqConn).Ping(ctx), conn.Close())
		},
		closeIdle: func() {
			pool.SetMaxIdleConns(-1)
			pool.SetMaxIdleConns(o.Connections)
		},
		closeAll: connector.dialer.closeAll,
		closed:   make(chan struct{}),
	}
	return &Pools{Read: pool, Write: pool, Address: connector.address, monitor: monitor}, nil
}
