package loaders

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// window is the time that a dataloader waits for more keys.
const window = time.Millisecond

// batch loads the values of one field with one set of arguments.
type batch[V any] struct {
	// loader returns the dataloader, which is only used if the fields are not resolved sequentially.
	loader func() *dataloader.Loader[db.Key, V]
	list   func(context.Context, *db.Projection, []db.Key) ([]V, error)
	// observe receives the number of keys of each statement.
	observe func(size int)

	// loading serializes the loads of siblings, so that the next one can use the values of the last. It guards fetched,
	// the siblings whose values were loaded, each with the resulting error.
	loading sync.Mutex
	fetched map[*siblings]error
	// failure is the error of loadAmong.
	failure error

	mu sync.Mutex
	// values caches the values by their keys.
	values map[db.Key]V
	// queue holds the keys that are not loaded yet, if the fields are resolved sequentially.
	queue []db.Key
}

// batchOf returns the batch of a name in a request, which it creates if missing. list reads the values of keys.
func batchOf[V any](l *Loaders, name any, list func(context.Context, *db.Projection, []db.Key) ([]V, error)) *batch[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.byName[name].(*batch[V]); ok {
		return b
	}
	b := &batch[V]{list: list, observe: l.observeBatch, fetched: map[*siblings]error{}, values: map[db.Key]V{}}
	b.loader = sync.OnceValue(func() *dataloader.Loader[db.Key, V] {
		return dataloader.NewBatchedLoader(func(ctx context.Context, keys []db.Key) []*dataloader.Result[V] {
			results := make([]*dataloader.Result[V], len(keys))
			err := b.fetch(ctx, nil, keys)
			for i, key := range keys {
				results[i] = &dataloader.Result[V]{Error: err}
				results[i].Data, _ = b.cached(key)
			}
			return results
		}, dataloader.WithWait[db.Key, V](window))
	})
	l.byName[name] = b
	return b
}

// load returns the value of a key. The first call for siblings loads the values of all of them; keyOf returns their
// keys, or false for a sibling without one.
func (b *batch[V]) load(ctx context.Context, read *queryplan.Read, siblings *siblings, key db.Key, keyOf func(db.Node) (db.Key, bool)) (value V, err error) {
	if value, ok := b.cached(key); ok {
		return value, nil
	}
	if siblings != nil {
		b.loading.Lock()
		defer b.loading.Unlock()
		err, known := b.fetched[siblings]
		if !known {
			err = b.fetch(ctx, read, b.missing(siblings.keys(keyOf)))
			b.fetched[siblings] = err
		}
		if err != nil {
			return value, err
		}
		if value, ok := b.cached(key); ok {
			return value, nil
		}
	}
	return b.enqueue(ctx, read, key)()
}

// cached returns the value of a key if it was read before.
func (b *batch[V]) cached(key db.Key) (value V, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	value, ok = b.values[key]
	return value, ok
}

// enqueue requests the value of a key outside of its siblings and returns a function that waits for it. The dataloader
// batches the requests of its window. If the fields are resolved sequentially, all requests before the first wait are
// one batch.
func (b *batch[V]) enqueue(ctx context.Context, read *queryplan.Read, key db.Key) func() (V, error) {
	if read == nil {
		return b.loader().Load(ctx, key)
	}
	b.queue = append(b.queue, key)
	return func() (value V, err error) {
		if value, ok := b.cached(key); ok {
			return value, nil
		}
		if err := b.fetch(ctx, read, b.queue); err != nil {
			return value, err
		}
		b.queue = nil
		value, _ = b.cached(key)
		return value, nil
	}
}

// keys returns the keys of the siblings that have one.
func (s *siblings) keys(keyOf func(db.Node) (db.Key, bool)) iter.Seq[db.Key] {
	return func(yield func(db.Key) bool) {
		for _, n := range s.nodes {
			if key, ok := keyOf(n); ok && !yield(key) {
				return
			}
		}
	}
}

// missing returns those of the keys whose values are not cached, each once.
func (b *batch[V]) missing(all iter.Seq[db.Key]) []db.Key {
	seen := map[db.Key]bool{}
	var keys []db.Key
	for key := range all {
		if seen[key] {
			continue
		}
		seen[key] = true
		if _, known := b.cached(key); !known {
			keys = append(keys, key)
		}
	}
	return keys
}

// loadAmong returns the value of a key. The first call loads the values of all keys; if it fails, so do the others.
func (b *batch[V]) loadAmong(ctx context.Context, read *queryplan.Read, all []db.Key, key db.Key) (value V, err error) {
	b.loading.Lock()
	defer b.loading.Unlock()
	if value, ok := b.cached(key); ok {
		return value, nil
	}
	if b.failure != nil {
		return value, b.failure
	}
	if b.failure = b.fetch(ctx, read, b.missing(slices.Values(all))); b.failure != nil {
		return value, b.failure
	}
	value, _ = b.cached(key)
	return value, nil
}

// fetch reads and caches the values of keys.
func (b *batch[V]) fetch(ctx context.Context, read *queryplan.Read, keys []db.Key) error {
	if len(keys) == 0 {
		return nil
	}
	b.observe(len(keys))
	values, err := b.list(ctx, read.Projection(), keys)
	if err == nil {
		b.keep(keys, values)
	}
	return err
}

// keep caches the values of keys.
func (b *batch[V]) keep(keys []db.Key, values []V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, key := range keys {
		b.values[key] = values[i]
	}
}
