// Package loaders batches what resolvers read, so that a level of the graph costs one statement.
//
// Records that came by one statement are siblings. When the first of them is asked for its children, the children of
// all are loaded at once, so nothing waits for a timer; arguments are those of the one who asks, since siblings are
// asked the same by the same field. Dataloaders, with their window, are left for records that are asked for one by one.
package loaders

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/graph-gophers/dataloader/v7"

	"usagegraph/db"
	"usagegraph/queryplan"
)

// window is how long a dataloader waits for more single keys.
const window = time.Millisecond

// Loaders are the loaders of one request.
type Loaders struct {
	reader *db.Reader
	// observeBatch is told how many records a statement asks for.
	observeBatch func(size int)

	mu sync.Mutex
	// byName holds a *relation per field and arguments.
	byName map[any]any
	// names are those of relations, by what they were asked for.
	names map[any]string
	// keys are those of the ids that were looked up so far; the zero key of one that names nothing.
	keys map[db.ID]db.Key
	// records are the records that were read so far.
	records map[db.NodeType]*recordSet
}

// siblings is a set of siblings, all of one type.
type siblings struct {
	nodes []db.Node
}

// record is a record, and with which others it came.
type record struct {
	node     db.Node
	siblings *siblings
}

// recordSet are the records of one type that were read so far.
type recordSet struct {
	// pending are those that nobody has asked for yet, as they pending: mostly nobody does.
	pending []func() *siblings
	byKey   map[db.Key]record
}

// find returns what is known of a record.
func (r *recordSet) find(key db.Key) record {
	for _, came := range r.pending {
		siblings := came()
		for _, n := range siblings.nodes {
			if k := n.NodeKey(); r.byKey[k].node == nil {
				r.byKey[k] = record{n, siblings}
			}
		}
	}
	r.pending = nil
	return r.byKey[key]
}

type contextKey struct{}

// New returns a context with fresh loaders that read for a reader's scope. They must not outlive the request.
func New(ctx context.Context, reader *db.Reader) context.Context {
	batched, ok := ctx.Value(batchKey{}).(func(int))
	if !ok {
		batched = func(int) {}
	}
	return context.WithValue(ctx, contextKey{}, &Loaders{
		reader: reader, observeBatch: batched, byName: map[any]any{}, records: map[db.NodeType]*recordSet{}, keys: map[db.ID]db.Key{},
	})
}

type batchKey struct{}

// WatchBatches returns a context whose loaders tell how many records they ask for at a time.
func WatchBatches(ctx context.Context, batched func(size int)) context.Context {
	return context.WithValue(ctx, batchKey{}, batched)
}

func from(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// batch loads the values of one field with one set of arguments.
type batch[V any] struct {
	// loader makes the dataloader, for those who do not ask in turn.
	loader func() *dataloader.Loader[db.Key, V]
	read   func(context.Context, []db.Key) ([]V, error)

	// loading lets one level load at a time: the next then knows what it has brought.
	loading sync.Mutex

	mu sync.Mutex
	// fetched are the levels that were loaded as a whole, each with the error that it met.
	fetched map[*siblings]*siblingsFetch
	// values are the values that came with a level, or in turn.
	values map[db.Key]V
	// queue are the keys that nobody has waited for yet, where all are queue in turn.
	queue []db.Key
}

type siblingsFetch struct {
	once sync.Once
	err  error
}

// batchOf finds a request's relation by its name, or makes it.
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

// load returns the value of a key, loading those of a whole level when it is the first of it to be asked for. The keys
// are worked out from the level's records; those that have none are left out.
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

// cached returns the value of a key that was read before.
func (r *batch[V]) cached(key db.Key) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok = r.values[key]
	return value, ok
}

// enqueue returns how to wait for the value of a key that is asked for by itself: with others that are asked for at the same
// time, or, where all are asked in turn, with those that were asked for before anyone waited.
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

// fetch reads the values of keys and keeps them.
func (r *batch[V]) fetch(ctx context.Context, keys []db.Key) error {
	values, err := r.read(ctx, keys)
	if err != nil {
		return err
	}
	r.keep(keys, values)
	return nil
}

// keep keeps the values of keys.
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

// remember remembers records that remember together, on one page or more.
func remember[T any, N node[T]](l *Loaders, pages ...[]*T) {
	i := slices.IndexFunc(pages, func(rows []*T) bool { return len(rows) > 0 })
	if i < 0 {
		return
	}
	l.keep(N(pages[i][0]).NodeType(), func() *siblings {
		all := &siblings{}
		for _, rows := range pages {
			for _, row := range rows {
				all.nodes = append(all.nodes, N(row))
			}
		}
		return all
	})
}

// keep keeps records of one type that came together.
func (l *Loaders) keep(of db.NodeType, came func() *siblings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.records[of] == nil {
		l.records[of] = &recordSet{byKey: map[db.Key]record{}}
	}
	l.records[of].pending = append(l.records[of].pending, came)
}

// node is a record of type T.
type node[T any] interface {
	*T
	db.Node
}

func (l *Loaders) lookUp(of db.NodeType, key db.Key) record {
	l.mu.Lock()
	defer l.mu.Unlock()
	if records := l.records[of]; records != nil {
		return records.find(key)
	}
	return record{}
}

func (l *Loaders) siblingsOf(of db.Node) *siblings {
	return l.lookUp(of.NodeType(), of.NodeKey()).siblings
}

// ownKey is the key of a record itself.
func ownKey(n db.Node) (db.Key, bool) { return n.NodeKey(), true }

// listName is the name of a list's relation, with its arguments.
func (l *Loaders) listName(of db.NodeType, name string, q query) any {
	type asked struct {
		of        db.NodeType
		name      string
		arguments any
	}
	arguments, whole := q.Identity()
	a := asked{of, name, arguments}
	if whole {
		return a
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.names[a] == "" {
		text, err := json.Marshal(q)
		if err != nil {
			panic("loaders: a query that cannot be named: " + err.Error())
		}
		if l.names == nil {
			l.names = map[any]string{}
		}
		l.names[a] = string(of) + "." + name + string(text)
	}
	return l.names[a]
}
