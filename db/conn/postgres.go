package conn

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// OpenPostgres opens the connection pool of the database at a URL (postgres://...). It does not connect yet.
func OpenPostgres(rawURL string, o Options) (*Pools, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: the URL cannot be read")
	}
	q := u.Query()
	for name, value := range map[string]string{
		// Without it a pooler in transaction mode may give one client another's rows.
		"binary_parameters": "yes",
		"connect_timeout":   "5",
		"sslmode":           sslMode(u.Hostname() + q.Get("host")),
		"application_name":  "usagegraph",
	} {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	for name, value := range sessionSettings {
		maps.DeleteFunc(q, func(given string, _ []string) bool { return strings.EqualFold(given, name) })
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	connector, err := newConnector(u.String(), o.Unprepared)
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
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
	return &Pools{Read: pool, Write: pool, monitor: monitor}, nil
}

// sessionSettings are the run-time parameters on which the SQL of db and its values as text depend. They are the same on
// every connection, regardless of roles, databases and the URL; lib/pq sets DateStyle and client_encoding. PgBouncer keeps
// all of these for each client. The search path is not set: it names the schema of the tables.
var sessionSettings = map[string]string{
	"standard_conforming_strings": "on", // ESCAPE '\' is one character
	"timezone":                    "UTC",
}

// sslMode returns the default sslmode for a host: encryption is required on every network.
func sslMode(host string) string {
	ip := net.ParseIP(host)
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback() {
		return "prefer"
	}
	return "require"
}
