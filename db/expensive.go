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
	if leave, free := s.takeSlot(); free { // also if the deadline is near
		return leave, nil
	}
	var expired <-chan time.Time
	if deadline, ok := ctx.Deadline(); ok {
		timer := time.NewTimer(time.Until(deadline) / 2)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case s.slots <- struct{}{}:
		return s.freeSlot(), nil
	case <-expired:
		return nil, errTooManyExpensive()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// takeSlot takes a slot without waiting. It returns false if none is free.
func (s *Store) takeSlot() (leave func(), free bool) {
	select {
	case s.slots <- struct{}{}:
		return s.freeSlot(), true
	default:
		return nil, false
	}
}

// freeSlot returns a function that frees a slot, once.
func (s *Store) freeSlot() func() { return sync.OnceFunc(func() { <-s.slots }) }

func errTooManyExpensive() *Error {
	return Errorf(Overloaded, "too many expensive requests are running: try again, or use fewer conditions")
}

// admit admits a statement with a price, as Store.Admit. The statements of a snapshot run one at a time, so that they
// need one admission together, which lasts until the snapshot ends.
func (r *Reader) admit(ctx context.Context, price FilterPrice) (leave func(), err error) {
	if r.snapshot == nil {
		return r.store.Admit(ctx, price)
	}
	return func() {}, r.snapshot.admit(ctx, r.store, price)
}
