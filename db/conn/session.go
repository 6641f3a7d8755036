package conn

import (
	"context"
	"database/sql/driver"
	"net"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// closeTimeout is the maximum time to tell the server that a session ends.
const closeTimeout = time.Second

// connector opens sessions.
type connector struct {
	*pq.Connector
	dialer     *dialer
	unprepared bool
	// address is the host and port of the first server.
	address string
}

// PostgresConnector returns a connector to a PostgreSQL database: its connections keep to the deadlines of contexts, and
// prepare repeated queries unless unprepared is set or they lead to a pooler.
func PostgresConnector(text string, unprepared bool) (driver.Connector, error) {
	return newConnector(text, unprepared)
}

func newConnector(text string, unprepared bool) (*connector, error) {
	config, err := postgresConfig(text)
	if err != nil {
		return nil, err
	}
	c, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, err
	}
	d := &dialer{open: map[*deadlineConn]bool{}}
	c.Dialer(d)
	return &connector{c, d, unprepared, net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))}, nil
}

// Connect opens a session within the context's deadline.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	var dialed *deadlineConn
	conn, err := c.Connector.Connect(context.WithValue(ctx, dialedKey{}, &dialed))
	if err != nil {
		dialed.Close()
		return nil, err
	}
	if !c.unprepared && isDirect(ctx, conn.(connection)) {
		conn = newCachingConn(conn.(connection))
	}
	dialed.until = time.Time{}
	return &session{conn.(pqConn), dialed}, nil
}

// pqConn has the methods of lib/pq's connections.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// session is a connection to PostgreSQL that keeps to the deadline of each call's context.
type session struct {
	pqConn
	network *deadlineConn
}

// setDeadline sets the deadline of the context for the network connection.
func (s *session) setDeadline(ctx context.Context) { s.network.until, _ = ctx.Deadline() }

// Close ends the session, also where the deadline of its last user has passed.
func (s *session) Close() error {
	s.network.until = time.Now().Add(closeTimeout)
	return s.pqConn.Close()
}

func (s *session) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	s.setDeadline(ctx)
	return s.pqConn.BeginTx(ctx, o)
}

func (s *session) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	s.setDeadline(ctx)
	return s.pqConn.ExecContext(ctx, sql, args)
}

func (s *session) Ping(ctx context.Context) error {
	s.setDeadline(ctx)
	return s.pqConn.Ping(ctx)
}

func (s *session) PrepareContext(ctx context.Context, sql string) (driver.Stmt, error) {
	s.setDeadline(ctx)
	stmt, err := s.pqConn.PrepareContext(ctx, sql)
	if c, ok := stmt.(copyStmt); ok {
		return rawCopyStmt{c}, err
	}
	return stmt, err
}

func (s *session) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	s.setDeadline(ctx)
	return s.pqConn.QueryContext(ctx, sql, args)
}
