package db

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// expensivePrice is the price of a filter from which its statements are expensive: they may read every row of a table.
const expensivePrice = searchPrice

// newSlots returns the semaphore of the expensive statements: at most two for each CPU run at a time, and at most on half
// of the connections, so that they leave CPU time and connections to the other statements.
func newSlots(connections int) chan struct{} {
	return make(chan struct{}, max(1, min(2*runtime.GOMAXPROCS(0), connections/2)))
}

// Admit waits until fewer expensive statements run if a filter is expensive. The statements with the filter may run until
// leave is called, which may be called more than once. Admit waits for at most half of the time that is left until the
// deadline of the context, and then returns an Overloaded error.
func (s *Store) Admit(ctx context.Context, price FilterPrice) (leave func(), err error) {
	if price.Total() < expensivePrice {
		return func() {}, nil
	}
	leave = sync.OnceFunc(func() { <-s.slots })
	select {
	case s.slots <- struct{}{}: // also if the deadline is near
		return leave, nil
	default:
	}
	var expired <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok {
		timer := time.NewTimer(time.Until(deadline) / 2)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case s.slots <- struct{}{}:
		return leave, nil
	case <-expired:
		return nil, Errorf(Overloaded, "too many expensive requests are running: try again, or use fewer conditions")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// admit admits the statements with a filter. Those of a snapshot were admitted before it, because a snapshot that waits
// would keep its connection from others.
func (r *Reader) admit(ctx context.Context, f Filter) (leave func(), err error) {
	if r.snapshot != nil {
		return func() {}, nil
	}
	return r.store.Admit(ctx, PriceOf(f))
}
