// Package loaders batches the reads of resolvers, so that each level of a query needs one statement.
//
// Records read by one statement are siblings. When the children of one sibling are requested, those of all siblings are
// loaded at once, without waiting for a timer. The arguments are the same for all siblings, because the same field
// requests them. The dataloaders with their window serve records that are requested one by one.
package loaders

import (
	"context"
	"slices"
	"sync"

	"usagegraph/db"
)

// Loaders holds the loaders and the cached records of one request.
type Loaders struct {
	reader *db.Reader
	// observeBatch receives the number of keys of each statement.
	observeBatch func(size int)

	mu sync.Mutex
	// byName holds a *batch for each field and its arguments.
	byName map[any]any
	// names caches the names of batches by their fields and arguments.
	names map[any]any
	// keys caches the keys of ids; the zero key for an id without a record.
	keys map[db.ID]db.Key
	// records caches the records read so far.
	records map[db.NodeType]*recordSet
	// groups holds the keys that were read with each group. totals counts the fields that added up records.
	groups map[*db.GroupOwner]*groupKeys
	totals int
	// imports maps each import that was read to those of its list.
	imports map[db.Key][]db.Key
	// unread is the record that is to be read with its first list.
	unread *db.Parent
}

// siblings are records of one type that were read by one statement.
type siblings struct {
	nodes []db.Node
}

// record is a cached record with its siblings.
type record struct {
	node     db.Node
	siblings *siblings
}

// recordSet caches the records of one type.
type recordSet struct {
	// pending holds the records that are not in byKey yet. They are added on the first look-up, which most requests
	// never need.
	pending []func() *siblings
	byKey   map[db.Key]record
}

// find returns the cached record of a key; the zero record if there is none.
func (r *recordSet) find(key db.Key) record {
	for _, list := range r.pending {
		siblings := list()
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

// New returns a context with new loaders that read with reader. They must not outlive the request.
func New(ctx context.Context, reader *db.Reader) context.Context {
	batched, ok := ctx.Value(batchKey{}).(func(int))
	if !ok {
		batched = func(int) {}
	}
	return context.WithValue(ctx, contextKey{}, &Loaders{
		reader: reader, observeBatch: batched, byName: map[any]any{}, records: map[db.NodeType]*recordSet{}, keys: map[db.ID]db.Key{}, groups: map[*db.GroupOwner]*groupKeys{}, imports: map[db.Key][]db.Key{},
	})
}

type batchKey struct{}

// WatchBatches returns a context whose loaders call batched with the number of keys of each statement.
func WatchBatches(ctx context.Context, batched func(size int)) context.Context {
	return context.WithValue(ctx, batchKey{}, batched)
}

func from(ctx context.Context) *Loaders { return ctx.Value(contextKey{}).(*Loaders) }

// remember caches the records of one or more pages as siblings.
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

// keep caches records of one type that were read together.
func (l *Loaders) keep(of db.NodeType, list func() *siblings) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.records[of] == nil {
		l.records[of] = &recordSet{byKey: map[db.Key]record{}}
	}
	l.records[of].pending = append(l.records[of].pending, list)
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

// ownKey returns the key of a record itself.
func ownKey(n db.Node) (db.Key, bool) { return n.NodeKey(), true }
