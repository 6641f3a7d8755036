package db

import (
	"crypto/sha256"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"usagegraph/db/conn"
)

// listCache keeps what costs a pass over a list for as long as nothing is written: where the pages of it ended that were
// asked for by offset, how long it is, what its sums are. So whoever walks through a list page by page, as clients
// of the old endpoints do, pays for each page what the first one costs.
type listCache struct{ cache *lru.Cache[listCacheKey, any] }

// listCacheSize is how many things are kept, each of some hundred bytes.
const listCacheSize = 10_000

// listCacheKey is a thing that is known of a list: the statement says which, and for whom.
type listCacheKey struct {
	revision  int64
	mark      string
	statement [sha256.Size]byte
	offset    int64
}

func newListCache() listCache {
	cache, err := lru.New[listCacheKey, any](listCacheSize)
	if err != nil {
		panic("db: " + err.Error()) // the size is a constant
	}
	return listCache{cache}
}

// listCacheKey returns the key of what a statement finds out; offset is where in the list. There is none outside of a
// snapshot, where nobody knows which revision the statement will see.
func (r *Reader) listCacheKey(c *compiler, statement string, offset int64) (key listCacheKey, ok bool) {
	if r.snapshot == nil || c.err != nil {
		return key, false
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%q", statement)
	for _, argument := range c.args {
		fmt.Fprintf(hash, "%q", fmt.Sprint(conn.Plain(argument)))
	}
	key = listCacheKey{revision: r.revision, mark: r.mark, offset: offset}
	hash.Sum(key.statement[:0])
	return key, true
}

// cached returns what a statement found out earlier, else lets it find out.
func cached[V any](r *Reader, c *compiler, statement string, find func() (V, error)) (V, error) {
	key, ok := r.listCacheKey(c, statement, 0)
	if ok {
		if v, known := r.store.listCache.cache.Get(key); known {
			return v.(V), nil
		}
	}
	v, err := find()
	if ok && err == nil {
		r.store.listCache.cache.Add(key, v)
	}
	return v, err
}
