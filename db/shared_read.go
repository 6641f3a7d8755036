package db

import (
	"context"
	"sync"
	"time"
)

// sharedRead runs a read for concurrent callers. A call that comes during a read waits for the next one.
type sharedRead struct {
	mu sync.Mutex
	// running is the current read, and next the one that begins when it ends. Each is nil if there is none.
	running, next *pendingRead
}

// pendingRead is a read with its result, which is set before done is closed.
type pendingRead struct {
	done   chan struct{}
	result int64
	err    error
}

// get returns the result of a read that begins after the call. A read that several calls wait for goes on if their
// contexts end.
func (s *sharedRead) get(ctx context.Context, read func(context.Context) (int64, error)) (int64, error) {
	s.mu.Lock()
	mine := s.next
	if mine == nil {
		mine = &pendingRead{done: make(chan struct{})}
		if s.running == nil {
			s.running = mine
			s.mu.Unlock()
			s.run(ctx, mine, read)
			return mine.result, mine.err
		}
		s.next = mine
	}
	s.mu.Unlock()
	select {
	case <-mine.done:
		return mine.result, mine.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// revisionTimeout is the timeout of a read that several calls wait for.
const revisionTimeout = 5 * time.Second

// run runs a read, and begins the next one if others wait for it.
func (s *sharedRead) run(ctx context.Context, r *pendingRead, read func(context.Context) (int64, error)) {
	r.result, r.err = read(ctx)
	s.mu.Lock()
	next := s.next
	s.running, s.next = next, nil
	s.mu.Unlock()
	close(r.done)
	if next != nil {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), revisionTimeout)
			defer cancel()
			s.run(ctx, next, read)
		}()
	}
}
