package loaders

import (
	"context"
	"encoding/json"
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
	read   func(context.Context, []db.Key) ([]V, error)

	// loading serializes the loads of siblings, so that the next one can use the values of the last.
	loading sync.Mutex

	mu sync.Mutex
	// fetched holds the siblings whose values were loaded, each with the resulting error.
	fetched map[*siblings]*siblingsFetch
	// values caches the values by their keys.
	values map[db.Key]V
	// queue holds the keys that are not loaded yet, if the fields are resolved sequentially.
	queue []db.Key
}

type siblingsFetch struct {
	once sync.Once
	err  error
}

// batchOf returns the batch of a name in a request, which it creates if missing.
func batchOf[V any](l *Loaders, name any, read func(context.Context, []db.Key) ([]V, error)) *batch[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.byName[name].(*batch[V]); ok {
		return r
	}
	fetch := func(ctx context.Context, keys []db.Key) ([]V, error) {
		l.observeBatch(len(keys))
		return read(ctx, keys)
	}
	batchFunc := func(ctx context.Context, keys []db.Key) []*dataloader.Result[V] {
		results := make([]*dataloader.Result[V], len(keys))
		values, err := fetch(ctx, keys)
		for i := range results {
			results[i] = &dataloader.Result[V]{Error: err}
			if err == nil {
				results[i].Data = values[i]
			}
		}
		return results
	}
	loader := sync.OnceValue(func() *dataloader.Loader[db.Key, V] {
		return dataloader.NewBatchedLoader(batchFunc, dataloader.WithWait[db.Key, V](window))
	})
	r := &batch[V]{loader: loader, read: fetch, fetched: map[*siblings]*siblingsFetch{}}
	l.byName[name] = r
	return r
}

// load returns the value of a key. The first call for siblings loads the values of all of them; keyOf returns their
// keys, or false for a sibling without one.
func (r *batch[V]) load(ctx context.Context, siblings *siblings, key db.Key, keyOf func(db.Node) (db.Key, bool)) (V, error) {
	if siblings != nil {
		r.mu.Lock()
		f := r.fetched[siblings]
		if f == nil {
			f = &siblingsFetch{}
			r.fetched[siblings] = f
		}
		r.mu.Unlock()
		f.once.Do(func() { f.err = r.loadSiblings(ctx, siblings, keyOf) })
		if f.err != nil {
			var none V
			return none, f.err
		}
	}
	if value, ok := r.cached(key); ok {
		return value, nil
	}
	return r.enqueue(ctx, key)()
}

// cached returns the value of a key if it was read before.
func (r *batch[V]) cached(key db.Key) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok = r.values[key]
	return value, ok
}

// enqueue requests the value of a key outside of its siblings and returns a function that waits for it. The dataloader
// batches the requests of its window. If the fields are resolved sequentially, all requests before the first wait are
// one batch.
func (r *batch[V]) enqueue(ctx context.Context, key db.Key) func() (V, error) {
	if !queryplan.Sequential(ctx) {
		return r.loader().Load(ctx, key)
	}
	r.queue = append(r.queue, key)
	return func() (value V, err error) {
		if value, ok := r.cached(key); ok {
			return value, nil
		}
		if err := r.fetch(ctx, r.queue); err != nil {
			return value, err
		}
		r.queue = nil
		value, _ = r.cached(key)
		return value, nil
	}
}

func (r *batch[V]) loadSiblings(ctx context.Context, siblings *siblings, keyOf func(db.Node) (db.Key, bool)) error {
	r.loading.Lock()
	defer r.loading.Unlock()
	seen := make(map[db.Key]bool, len(siblings.nodes))
	keys := make([]db.Key, 0, len(siblings.nodes))
	for _, n := range siblings.nodes {
		key, ok := keyOf(n)
		if !ok || seen[key] {
			continue
		}
		seen[key] = true
		if _, known := r.cached(key); !known {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return r.fetch(ctx, keys)
}

// loadAmong returns the value of a key. The first call loads the values of all keys.
func (r *batch[V]) loadAmong(ctx context.Context, all []db.Key, key db.Key) (value V, err error) {
	r.loading.Lock()
	defer r.loading.Unlock()
	if value, ok := r.cached(key); ok {
		return value, nil
	}
	seen := make(map[db.Key]bool, len(all))
	var missing []db.Key
	for _, k := range all {
		if _, known := r.cached(k); !known && !seen[k] {
			seen[k] = true
			missing = append(missing, k)
		}
	}
	if err := r.fetch(ctx, missing); err != nil {
		return value, err
	}
	value, _ = r.cached(key)
	return value, nil
}

// fetch reads and caches the values of keys.
func (r *batch[V]) fetch(ctx context.Context, keys []db.Key) error {
	values, err := r.read(ctx, keys)
	if err != nil {
		return err
	}
	r.keep(keys, values)
	return nil
}

// keep caches the values of keys.
func (r *batch[V]) keep(keys []db.Key, values []V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.values == nil {
		r.values = make(map[db.Key]V, len(keys))
	}
	for i, key := range keys {
		r.values[key] = values[i]
	}
}

// listName returns the name of a list's batch, which includes its arguments.
func (l *Loaders) listName(of db.NodeType, name string, q query) any {
	type list struct {
		of        db.NodeType
		name      string
		arguments any
	}
	arguments, whole := q.Identity()
	a := list{of, name, arguments}
	if whole {
		return a
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names[a] == "" {
		text, err := json.Marshal(q)
		if err != nil {
			panic("loaders: cannot encode a query: " + err.Error())
		}
		if l.names == nil {
			l.names = map[any]string{}
		}
		l.names[a] = string(of) + "." + name + string(text)
	}
	return l.names[a]
}
