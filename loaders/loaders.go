// Package loaders batches what resolvers read, so that a level of the graph costs one statement.
//
// Records that came by one statement are siblings. When the first of them is asked for its children, the children of
// all are loaded at once and handed to the dataloaders, so nothing waits for a timer; arguments are those of the one
// who asks, since siblings are asked the same by the same field. A dataloader's own window is left for records that
// are asked for one by one.
package loaders

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"usagegraph/db"
)

// window is how long a dataloader waits for more single keys.
const window = time.Millisecond

// Loaders are the loaders of one request.
type Loaders struct {
	reader *db.Reader
	// batched is told how many records a statement asks for.
	batched func(size int)

	mu sync.Mutex
	// byName holds a *relation per field and arguments.
	byName map[string]any
	// known are the records that were read so far.
	known map[db.ID]known
}

// level is a set of siblings, all of one type.
type level struct {
	nodes []db.Node
}

// known is a record, and with which others it came.
type known struct {
	node     db.Node
	siblings *level
}

type contextKey struct{}

// New returns a context with fresh loaders that read for a reader's scope. They must not outlive the request.
func New(ctx context.Context, reader *db.Reader) context.Context {
	batched, ok := ctx.Value(batchKey{}).(func(int))
	if !ok {
		batched = func(int) {}
	}
	return context.WithValue(ctx, contextKey{}, &Loaders{reader: reader, batched: batched, byName: map[string]any{}, known: map[db.ID]known{}})
}

type batchKey struct{}

// WatchBatches returns a context whose loaders tell how many records they ask for at a time.
func WatchBatches(ctx context.Context, batched func(size int)) context.Context {
	return context.WithValue(ctx, batchKey{}, batched)
}

func from(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// relation loads the values of one field with one set of arguments.
type relation[V any] struct {
	loader *dataloader.Loader[db.Key, V]
	fetch  func(context.Context, []db.Key) ([]V, error)

	// priming lets one level load at a time: the next then knows what it has brought.
	priming sync.Mutex

	mu sync.Mutex
	// fetched are the levels that were loaded as a whole, each with the error that it met.
	fetched map[*level]*fetching
}

type fetching struct {
	once sync.Once
	err  error
}

// relationOf finds a request's relation by its name, or makes it.
func relationOf[V any](l *Loaders, name string, read func(context.Context, []db.Key) ([]V, error)) *relation[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.byName[name].(*relation[V]); ok {
		return r
	}
	fetch := func(ctx context.Context, keys []db.Key) ([]V, error) {
		l.batched(len(keys))
		return read(ctx, keys)
	}
	batch := func(ctx context.Context, keys []db.Key) []*dataloader.Result[V] {
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
	r := &relation[V]{loader: dataloader.NewBatchedLoader(batch, dataloader.WithWait[db.Key, V](window)), fetch: fetch, fetched: map[*level]*fetching{}}
	l.byName[name] = r
	return r
}

// load returns the value of a key, loading those of a whole level when it is the first of it to be asked for. The keys
// are worked out from the level's records; those that have none are left out.
func (r *relation[V]) load(ctx context.Context, siblings *level, key db.Key, keyOf func(db.Node) (db.Key, bool)) (V, error) {
	if siblings != nil {
		r.mu.Lock()
		f := r.fetched[siblings]
		if f == nil {
			f = &fetching{}
			r.fetched[siblings] = f
		}
		r.mu.Unlock()
		f.once.Do(func() { f.err = r.prime(ctx, siblings, keyOf) })
		if f.err != nil {
			var none V
			return none, f.err
		}
	}
	return r.loader.Load(ctx, key)()
}

func (r *relation[V]) prime(ctx context.Context, siblings *level, keyOf func(db.Node) (db.Key, bool)) error {
	r.priming.Lock()
	defer r.priming.Unlock()
	seen := map[db.Key]bool{}
	var keys []db.Key
	for _, n := range siblings.nodes {
		if key, ok := keyOf(n); ok && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	values, err := r.fetch(ctx, keys)
	if err != nil {
		return err
	}
	for i, key := range keys {
		r.loader.Prime(ctx, key, values[i])
	}
	return nil
}

// came remembers records that came together.
func came[T any, N node[T]](l *Loaders, rows []*T) {
	siblings := &level{nodes: make([]db.Node, len(rows))}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, row := range rows {
		siblings.nodes[i] = N(row)
		id := N(row).GlobalID()
		if _, before := l.known[id]; !before {
			l.known[id] = known{N(row), siblings}
		}
	}
}

// node is a record of type T.
type node[T any] interface {
	*T
	db.Node
}

func (l *Loaders) lookUp(id db.ID) known {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[id]
}

func (l *Loaders) siblings(of db.Node) *level { return l.lookUp(of.GlobalID()).siblings }

// ownKey is the key of a record itself.
func ownKey(n db.Node) (db.Key, bool) { return n.GlobalID().Key, true }

// fingerprint names a relation with its arguments.
func fingerprint(name string, query any) string {
	text, err := json.Marshal(query)
	if err != nil {
		panic("loaders: a query that cannot be named: " + err.Error())
	}
	return name + string(text)
}
