package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	"usagegraph/ingest"
)

// openAttributed opens the database and attributes the records that an older version stored, with progress on the error
// stream.
func (s *settings) openAttributed(ctx context.Context, tracer trace.TracerProvider, std streams) (*db.Store, error) {
	store, err := s.open(ctx, tracer)
	if err != nil {
		return nil, err
	}
	if err := s.attributeStored(ctx, store, std); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// attributeStored attributes the records that an older version stored, and names their rows for ids.
func (s *settings) attributeStored(ctx context.Context, store *db.Store, std streams) error {
	pending, total, err := store.PendingRecords(ctx)
	if err != nil {
		return err
	}
	if pending {
		if err := s.attributeRecords(ctx, store, std, total); err != nil {
			return err
		}
	}
	return nameIDs(ctx, store, std)
}

// attributeRecords attributes as many records again.
func (s *settings) attributeRecords(ctx context.Context, store *db.Store, std streams, total int64) error {
	importer, err := s.importer(store)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "The database is of an older version: attributing its %d records again (docs/identity.md). This can be interrupted and goes on where it was.\n", total)
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	start := time.Now()
	done, err := importer.AttributeStored(ctx, func(done, _ int64) { progress.ShowCount(done) })
	if err != nil {
		return err
	}
	unattributed, err := store.CountUnattributed(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.err, "attributed %d records in %s; %d are unattributed: usagegraph unattributed lists them\n", done, time.Since(start).Round(10*time.Millisecond), unattributed)
	return nil
}

// idBatch is how many rows of an older version one transaction names.
const idBatch = 2000

// nameIDs gives the rows that an older version stored the names that ids are made of.
func nameIDs(ctx context.Context, store *db.Store, std streams) error {
	pending, total, err := store.PendingIDs(ctx)
	if err != nil || !pending {
		return err
	}
	fmt.Fprintln(std.err, "The database is of an older version: giving its records ids that last. This can be interrupted and goes on where it was.")
	progress := ingest.NewRecordProgress(std.err, total)
	defer progress.Close()
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("gave ids to %d rows, the others get theirs when this is run again: %w", done, err)
		}
		var n int
		if n, more, err = store.NameIDs(context.WithoutCancel(ctx), idBatch); err != nil {
			return err
		}
		done += int64(n)
		progress.ShowCount(done)
	}
	return nil
}

// startup is the state of a server that attributes stored records before it answers requests.
type startup struct {
	store *db.Store
	// ready tells that the store was ready once, which it stays.
	ready atomic.Bool
}

// whenReady returns a handler that answers 503 until the store is ready, as /readyz does.
func (s *startup) whenReady(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.ready.Load() {
			if err := s.store.Ready(r.Context()); err != nil {
				w.Header().Set("Retry-After", "5")
				http.Error(w, "the server is not ready: it attributes the records of an older version, or the database does not answer", http.StatusServiceUnavailable)
				return
			}
			s.ready.Store(true)
		}
		next.ServeHTTP(w, r)
	})
}

// attribute attributes the stored records in another goroutine. It returns a context for the server, which is done when
// that fails, and a function that waits for the goroutine and returns its error.
func (s *startup) attribute(ctx context.Context, settings *settings, log *slog.Logger, std streams) (context.Context, func() error) {
	serving, stop := context.WithCancelCause(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := settings.attributeStored(serving, s.store, std); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "stored records are not attributed", "error", err)
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
