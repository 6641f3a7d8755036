package db

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

const (
	// pulseTimeout is how long a database that is there may take to answer when it is asked for its pulse.
	pulseTimeout = 1500 * time.Millisecond
	// pulseEvery is how often a database that is away is asked again.
	pulseEvery = 250 * time.Millisecond
)

// pulse finds out whether the database is there, once a failure has made that doubtful. While it is away nothing is
// asked of it but this, so that requests fail at once and it comes back to no crowd; connections that hang from before
// are cut, since they may hang for ever. A nil pulse never doubts.
type pulse struct {
	// ask asks the database over a connection of its own.
	ask func(context.Context) error
	// drop ends the connections that nobody uses, cut all.
	drop, cut func()

	asking, away atomic.Bool
	closed       chan struct{}
	closing      sync.Once
	running      sync.WaitGroup
}

// isAway tells whether the database did not answer when it was asked last.
func (p *pulse) isAway() bool { return p != nil && p.away.Load() }

// doubt has the database asked, unless it is being asked already.
func (p *pulse) doubt() {
	if p != nil && p.asking.CompareAndSwap(false, true) {
		p.running.Go(p.watch)
	}
}

// watch asks until the database answers.
func (p *pulse) watch() {
	defer p.asking.Store(false)
	for !p.answers() {
		p.away.Store(true)
		p.cut()
		select {
		case <-p.closed:
			return
		case <-time.After(pulseEvery):
		}
	}
	// A connection that is not in use may be from before the database went, and would fail whoever takes it.
	if p.isAway() {
		p.cut()
	}
	p.drop()
	p.away.Store(false)
}

// answers tells whether there is a database at the other end. One that refuses is there, unless it is going or coming.
func (p *pulse) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), pulseTimeout)
	defer cancel()
	err := p.ask(ctx)
	var refused *pq.Error
	return err == nil || errors.As(err, &refused) && !isGoing(refused)
}

// close ends the asking.
func (p *pulse) close() {
	if p != nil {
		p.closing.Do(func() { close(p.closed) })
		p.running.Wait()
	}
}
