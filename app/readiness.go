package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"usagegraph/db"
)

// readinessAge is the time for which the result of a check is reused.
const readinessAge = time.Second

// readiness holds the readiness of a server: it is ready while no stored records wait to be attributed or recomputed.
// It also applies settings that another process has changed.
type readiness struct {
	data *dataSet
	log  *slog.Logger
	// checkedAt is the time of the last check in Unix nanoseconds, ready its result.
	checkedAt atomic.Int64
	ready     atomic.Bool
}

// whenReady returns a handler that answers 503 while the server is not ready. During a database outage it passes
// requests on, since the endpoints have their own answers for outages.
func (r *readiness) whenReady(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		last, now := r.checkedAt.Load(), time.Now().UnixNano()
		if !r.ready.Load() || now-last >= int64(readinessAge) && r.checkedAt.CompareAndSwap(last, now) {
			r.check(request.Context())
		}
		if !r.ready.Load() {
			w.Header().Set("Retry-After", strconv.Itoa(db.RetryAfter))
			http.Error(w, "the server is not ready: stored records are being attributed or recomputed", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, request)
	})
}

// check updates the readiness and applies changed settings.
func (r *readiness) check(ctx context.Context) {
	// A server that is ready continues while a newer version migrates the tables.
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
		if err := r.applySettings(ctx, stored); err != nil {
			r.log.ErrorContext(ctx, "cannot use changed settings of the data set", "error", err)
			return
		}
		r.log.WarnContext(ctx, "settings of the data set were changed: the server uses the new ones")
	}
	if !r.ready.Load() && r.data.RequireLatest(ctx) != nil {
		return
	}
	r.ready.Store(true)
}

// applySettings applies changed settings. Before, it invalidates the ETags of answers with the old ones; on a read-only
// database that is left to the servers of the primary.
func (r *readiness) applySettings(ctx context.Context, stored []db.Setting) error {
	readOnly, err := r.data.ReadOnly(ctx)
	if err != nil {
		return err
	}
	if !readOnly {
		if err := r.data.InvalidateAnswers(ctx); err != nil {
			return err
		}
	}
	return r.data.applyStored(stored)
}

// finishPending finishes the pending work of the data set in another goroutine, and then builds the stored totals, while
// the server is ready already. It returns a context for the server, which is cancelled if the work fails, and a function
// that waits for the goroutine and returns its error. On a read-only database it leaves the work to another process.
func (r *readiness) finishPending(ctx context.Context, readOnly bool, std streams) (context.Context, func() error) {
	if readOnly {
		return ctx, func() error { return nil }
	}
	serving, stop := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := r.data.finishPending(serving, std); err != nil && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "cannot attribute or recompute stored records", "error", err)
			stop(err)
			return
		}
		if err := buildTotals(serving, r.data.Store, std); err != nil && serving.Err() == nil {
			r.log.ErrorContext(ctx, "cannot build the stored totals: totals are read from the records until the next start", "error", err)
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
