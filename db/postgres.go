package db

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

func (s *Store) openPostgres(rawURL string, connections int) error {
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
	u.RawQuery = q.Encode()
	connector, err := pq.NewConnector(u.String())
	if err != nil {
		return fmt.Errorf("open PostgreSQL: %w", err)
	}
	connector.Dialer(deadlineDialer{})
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	s.dialect, s.read, s.write = postgresDialect, pool, pool
	return nil
}

// sslMode is what is used where the URL does not say: encryption wherever a wire is.
func sslMode(host string) string {
	ip := net.ParseIP(host)
	if host == "" || host == "localhost" || strings.HasPrefix(host, "/") || ip != nil && ip.IsLoopback() {
		return "prefer"
	}
	return "require"
}

// silence is how long a connection may neither read nor write a byte while it is asked to: a context alone does not
// end a statement on a network that has gone dead.
const silence = 2 * time.Minute

// deadlineDialer makes connections whose every read and write has a deadline.
type deadlineDialer struct{ net.Dialer }

func (d deadlineDialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d deadlineDialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

func (d deadlineDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return deadlineConn{conn}, nil
}

type deadlineConn struct{ net.Conn }

func (c deadlineConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c deadlineConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(silence)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
