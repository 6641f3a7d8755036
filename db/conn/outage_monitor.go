package conn

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

const (
	// pingTimeout is the maximum time for the answer to a ping.
	pingTimeout = 1500 * time.Millisecond
	// pingInterval is the time between two pings during an outage.
	pingInterval = 250 * time.Millisecond
)

// outageMonitor pings the database after a connection failure and rejects statements until it answers, so that they fail
// at once and a returning database is not flooded. It closes the connections from before the outage, which may hang. A nil
// outageMonitor never finds an outage.
type outageMonitor struct {
	// ping pings the database over a connection of its own.
	ping func(context.Context) error
	// closeIdle closes the idle connections, closeAll closes all.
	closeIdle, closeAll func()

	pinging, outage atomic.Bool
	closed          chan struct{}
	closing         sync.Once
	running         sync.WaitGroup
}

// isOutage reports whether the database did not answer the last ping.
func (m *outageMonitor) isOutage() bool { return m != nil && m.outage.Load() }

// check starts to ping the database, unless that is running.
func (m *outageMonitor) check() {
	if m != nil && m.pinging.CompareAndSwap(false, true) {
		m.running.Go(m.run)
	}
}

// run pings until the database answers.
func (m *outageMonitor) run() {
	defer m.pinging.Store(false)
	for !m.answers() {
		m.outage.Store(true)
		m.closeAll()
		select {
		case <-m.closed:
			return
		case <-time.After(pingInterval):
		}
	}
	// Idle connections may be from before the outage and would fail at their next use.
	if m.isOutage() {
		m.closeAll()
	}
	m.closeIdle()
	m.outage.Store(false)
}

// answers reports whether the database answers. An error of the server is an answer, unless it starts or shuts down, or is a
// pooler that cannot connect to the database (class 08).
func (m *outageMonitor) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
	defer cancel()
	err := m.ping(ctx)
	var refused *pq.Error
	return err == nil || errors.As(err, &refused) && !isShutdown(refused) && refused.Code.Class() != "08"
}

// close stops the pings.
func (m *outageMonitor) close() {
	if m != nil {
		m.closing.Do(func() { close(m.closed) })
		m.running.Wait()
	}
}
