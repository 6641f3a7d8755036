package db

import (
	"context"
	"database/sql/driver"
	"net"
	"sync"
	"time"

	"github.com/lib/pq"
)

// silence is how long a connection may neither read nor write a byte while it is asked to by somebody who has all the
// time in the world.
const silence = 2 * time.Minute

// goodbye is how long a connection may take to say that it ends.
const goodbye = time.Second

// wires makes the network connections to PostgreSQL and knows those that are open, so that they can be cut.
type wires struct {
	net.Dialer
	mu   sync.Mutex
	open map[*wire]bool
}

// wire is a connection whose every read and write has a deadline: on a network that has gone dead a context alone ends
// nothing.
type wire struct {
	net.Conn
	of *wires
	// until is when whoever uses it now runs out of time; zero is never.
	until time.Time
}

// madeKey finds where a dialer notes the wire that it made.
type madeKey struct{}

// Dial makes a wire.
func (w *wires) Dial(network, address string) (net.Conn, error) {
	return w.DialContext(context.Background(), network, address)
}

// DialTimeout makes a wire within a time.
func (w *wires) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return w.DialContext(ctx, network, address)
}

// DialContext makes a wire; what is said over it first has until the context's deadline too.
func (w *wires) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := w.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	made := &wire{Conn: conn, of: w}
	made.until, _ = ctx.Deadline()
	w.mu.Lock()
	w.open[made] = true
	w.mu.Unlock()
	if last, ok := ctx.Value(madeKey{}).(**wire); ok {
		// The driver dials again where encryption was refused, and forgets the first one.
		(*last).Close()
		*last = made
	}
	return made, nil
}

// cut ends all connections, whatever they are waiting for.
func (w *wires) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for open := range w.open {
		open.Conn.Close()
	}
	clear(w.open)
}

func (w *wire) Close() error {
	if w == nil {
		return nil
	}
	w.of.mu.Lock()
	delete(w.of.open, w)
	w.of.mu.Unlock()
	return w.Conn.Close()
}

// SetDeadline brings the deadline forward; zero takes it off.
func (w *wire) SetDeadline(t time.Time) error {
	if t.IsZero() || w.until.IsZero() || t.Before(w.until) {
		w.until = t
	}
	return nil
}

// deadline is when the next read or write must have happened.
func (w *wire) deadline() time.Time {
	if t := time.Now().Add(silence); w.until.IsZero() || t.Before(w.until) {
		return t
	}
	return w.until
}

func (w *wire) Read(b []byte) (int, error) {
	if err := w.SetReadDeadline(w.deadline()); err != nil {
		return 0, err
	}
	return w.Conn.Read(b)
}

func (w *wire) Write(b []byte) (int, error) {
	if err := w.SetWriteDeadline(w.deadline()); err != nil {
		return 0, err
	}
	return w.Conn.Write(b)
}

// connector opens sessions.
type connector struct {
	*pq.Connector
	unprepared bool
}

// Connect opens a session within the context's time.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	var made *wire
	conn, err := c.Connector.Connect(context.WithValue(ctx, madeKey{}, &made))
	if err != nil {
		made.Close()
		return nil, err
	}
	if !c.unprepared && direct(ctx, conn.(connection)) {
		conn = newPreparer(conn.(connection))
	}
	made.until = time.Time{}
	return &session{conn.(pqConn), made}, nil
}

// pqConn is what lib/pq's connections can do.
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

// session is a connection whose wire keeps to the deadline of whoever uses it.
type session struct {
	pqConn
	wire *wire
}

// within gives the wire the time that a context has.
func (s *session) within(ctx context.Context) { s.wire.until, _ = ctx.Deadline() }

// Close says goodbye, for which there is time even where whoever used the session last has none left.
func (s *session) Close() error {
	s.wire.until = time.Now().Add(goodbye)
	return s.pqConn.Close()
}

func (s *session) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	s.within(ctx)
	return s.pqConn.BeginTx(ctx, o)
}

func (s *session) ExecContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Result, error) {
	s.within(ctx)
	return s.pqConn.ExecContext(ctx, sql, args)
}

func (s *session) Ping(ctx context.Context) error {
	s.within(ctx)
	return s.pqConn.Ping(ctx)
}

func (s *session) PrepareContext(ctx context.Context, sql string) (driver.Stmt, error) {
	s.within(ctx)
	stmt, err := s.pqConn.PrepareContext(ctx, sql)
	if copying, ok := stmt.(copying); ok {
		return rawCopy{copying}, err
	}
	return stmt, err
}

func (s *session) QueryContext(ctx context.Context, sql string, args []driver.NamedValue) (driver.Rows, error) {
	s.within(ctx)
	return s.pqConn.QueryContext(ctx, sql, args)
}
