package conn

import (
	"context"
	"net"
	"sync"
	"time"
)

// silenceTimeout is the maximum time of one read or write when the context has no deadline.
const silenceTimeout = 2 * time.Minute

// dialer opens network connections to PostgreSQL and keeps the open ones, to close them all in an outage.
type dialer struct {
	net.Dialer
	mu   sync.Mutex
	open map[*deadlineConn]bool
}

// deadlineConn is a network connection with a deadline for every read and write: on a dead network the end of a context
// alone ends nothing.
type deadlineConn struct {
	net.Conn
	dialer *dialer
	// until is the deadline of the current user; the zero time is none.
	until time.Time
}

// dialedKey is the context key under which the dialer stores the connection that it opened.
type dialedKey struct{}

// Dial opens a connection.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout opens a connection within the timeout.
func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext opens a connection. The context's deadline holds for its first reads and writes, too.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	dialed := &deadlineConn{Conn: conn, dialer: d}
	dialed.until, _ = ctx.Deadline()
	d.mu.Lock()
	d.open[dialed] = true
	d.mu.Unlock()
	if last, ok := ctx.Value(dialedKey{}).(**deadlineConn); ok {
		// Where the server refuses encryption the driver dials again and leaves the first connection open.
		(*last).Close()
		*last = dialed
	}
	return dialed, nil
}

// closeAll closes all connections, also those that wait for an answer.
func (d *dialer) closeAll() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for conn := range d.open {
		conn.Conn.Close()
	}
	clear(d.open)
}

func (c *deadlineConn) Close() error {
	if c == nil {
		return nil
	}
	c.dialer.mu.Lock()
	delete(c.dialer.open, c)
	c.dialer.mu.Unlock()
	return c.Conn.Close()
}

// SetDeadline moves the deadline forward; the zero time removes it.
func (c *deadlineConn) SetDeadline(t time.Time) error {
	if t.IsZero() || c.until.IsZero() || t.Before(c.until) {
		c.until = t
	}
	return nil
}

// deadline returns the deadline of the next read or write.
func (c *deadlineConn) deadline() time.Time {
	if t := time.Now().Add(silenceTimeout); c.until.IsZero() || t.Before(c.until) {
		return t
	}
	return c.until
}

func (c *deadlineConn) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(c.deadline()); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

func (c *deadlineConn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(c.deadline()); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
