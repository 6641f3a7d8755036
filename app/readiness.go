package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
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
	// checkedAt is the time of the last check in Unix nanoseconds, ready its result.
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
	// Once ready, the server goes on while a newer program brings the tables up to date.
	if !r.ready.Load() && r.data.Ready(ctx) != nil {
		return
	}
	stored, err := r.data.Settings(ctx)
	if err != nil {
		return
	}
	if slices.ContainsFunc(stored, func(s db.Setting) bool { return s.Pending != nil }) {
		r.ready.Store(false)
		return
	}
	if r.data.SettingsChanged(stored) {
		r.ready.Store(false)
		if err := r.follow(ctx, stored); err != nil {
			r.log.ErrorContext(ctx, "settings of the data set were changed and cannot be used", "error", err)
			return
		}
		r.log.WarnContext(ctx, "settings of the data set were changed: the server uses the new ones")
	}
	r.ready.Store(true)
}

// follow takes settings that were changed. It makes the ETags of answers with the old ones invalid first.
func (r *readiness) follow(ctx context.Context, stored []db.Setting) error {
	if err := r.data.InvalidateAnswers(ctx); err != nil {
		return err
	}
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
