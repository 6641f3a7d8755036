package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"usagegraph/db"
)

// readinessAge is how long the result of a check of the settings is used.
const readinessAge = time.Second

// readiness is the state of a server that answers requests only while no stored records wait to be attributed or
// recomputed, and that follows changes of the settings.
type readiness struct {
	data *dataSet
	log  *slog.Logger
	// checkedAt is the time of the last check in Unix nanoseconds; ready is its result.
	checkedAt atomic.Int64
	ready     atomic.Bool
}

// whenReady returns a handler that answers 503 while the data set is not ready, as /readyz does. While the database is
// unavailable it lets requests through, which have answers of their own for that.
func (r *readiness) whenReady(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		last, now := r.checkedAt.Load(), time.Now().UnixNano()
		if !r.ready.Load() || now-last >= int64(readinessAge) && r.checkedAt.CompareAndSwap(last, now) {
			r.check(request.Context())
		}
		if !r.ready.Load() {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "the server is not ready: stored records are being attributed or recomputed", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, request)
	})
}

// check updates the state, and takes settings that were changed.
func (r *readiness) check(ctx context.Context) {
	err := r.data.Ready(ctx)
	var conflict *db.Error
	if errors.As(err, &conflict) && conflict.Code == db.Conflict {
		r.ready.Store(false)
		return
	}
	if err == nil {
		err = r.follow(ctx)
	}
	if err == nil {
		r.ready.Store(true)
	}
}

// follow takes the stored settings where they have changed.
func (r *readiness) follow(ctx context.Context) error {
	stored, err := r.data.Settings(ctx)
	if err != nil || !r.data.SettingsChanged(stored) {
		return err
	}
	r.log.WarnContext(ctx, "settings of the data set were changed: the server uses the new ones")
	return r.data.use(stored)
}

// finishPending finishes in another goroutine what stored records wait for. It returns a context for the server, which is
// done when that fails, and a function that waits for the goroutine and returns its error.
func (r *readiness) finishPending(ctx context.Context, std streams) (context.Context, func() error) {
	serving, stop := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.data.finishPending(serving, std); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "stored records are not up to date", "error", err)
			stop(err)
		}
	}()
	return serving, func() error {
		stop(nil)
		<-ended
		if cause := context.Cause(serving); ctx.Err() == nil && !errors.Is(cause, context.Canceled) {
			return cause
		}
		return nil
	}
}
