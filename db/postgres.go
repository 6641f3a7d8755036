package db

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
	"github.com/lib/pq"
)

func (s *Store) openPostgres(rawURL string, o Options) error {
	u, err := url.Parse(rawURL)
	if err != nil {
		return fmt.Errorf("open PostgreSQL: the URL cannot be read")
	}
	q := u.Query()
	for name, value := range map[string]string{
		// Without it a pooler in transaction mode may hand one client another's rows.
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
	driver, err := pq.NewConnector(u.String())
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	wires := &wires{open: map[*wire]bool{}}
	driver.Dialer(wires)
	pool := sqlx.NewDb(openPool(connector{driver, o.Unprepared}, o.Tracer), "postgres")
	pool.SetMaxOpenConns(o.Connections)
	// Fewer idle ones than open ones would be closed and made anew with every burst.
	pool.SetMaxIdleConns(o.Connections)
	// What firewalls forget is an hour old or more; a server that takes over from another gets its share by and by.
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(30 * time.Minute)
	s.pulse = &pulse{
		ask: func(ctx context.Context) error {
			conn, err := connector{driver, o.Unprepared}.Connect(ctx)
			if err != nil {
				return err
			}
			return errors.Join(conn.(pqConn).Ping(ctx), conn.Close())
		},
		drop: func() {
			pool.SetMaxIdleConns(-1)
			pool.SetMaxIdleConns(o.Connections)
		},
		cut:    wires.cut,
		closed: make(chan struct{}),
	}
	s.dialect, s.read, s.write = postgresDialect, pool, pool
	return nil
}

// sessionSettings are the run-time parameters that this package's SQL, and its values as text, depend on. They are the
// same on every connection, whatever a role, a database or the URL sets; the driver does so for DateStyle and
// client_encoding. PgBouncer keeps all of these for each client. The search path is left alone: it names the schema of
// the tables.
var sessionSettings = map[string]string{
	"standard_conforming_strings": "on", // ESCAPE '\' is one character
	"timezone":                    "UTC",
}

// sslMode is what is used where the URL does not say: encryption wherever a wire is.
func sslMode(host string) string {
	ip := net.ParseIP(host)
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback() {
		return "prefer"
	}
	return "require"
}
