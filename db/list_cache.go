package db

import (
	"crypto/sha256"
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"usagegraph/db/conn"
)

// listCache is a cache of results that need a pass over a whole list: the end of each page read by offset, the length,
// and the sums. An entry is valid for one revision. With it, a client that reads a list page by page by offset, as the
// REST endpoints allow, does not pay for the pages before again.
type listCache struct{ cache *lru.Cache[listCacheKey, any] }

// listCacheSize is the maximum number of entries, of some hundred bytes each.
const listCacheSize = 10_000

// listCacheKey identifies an entry by revision, mark, offset, and a hash of the statement with its arguments, which
// include the scope.
type listCacheKey struct {
	revision  int64
	mark      string
	statement [sha256.Size]byte
	offset    int64
}

// totalsCacheSize is the maximum number of remembered answers of usage totals, which may have many groups.
const totalsCacheSize = 64

func newListCache(size int) listCache {
	cache, err := lru.New[listCacheKey, any](size)
	if err != nil {
		panic("db: " + err.Error()) // lru.New fails only for a size <= 0
	}
	return listCache{cache}
}

// caches reports whether the reader uses the cache: the revision that its statements read must be known.
func (r *Reader) caches() bool { return r.snapshot != nil && r.snapshot.prepared }

// listCacheKey returns the cache key for a statement and an offset. It returns false if the reader does not use the
// cache.
func (r *Reader) listCacheKey(c *compiler, statement string, offset int64) (key listCacheKey, ok bool) {
	if !r.caches() || c.err != nil {
		return key, false
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%q", statement)
	for _, argument := range c.args {
		fmt.Fprintf(hash, "%q", fmt.Sprint(conn.Plain(argument)))
	}
	key = listCacheKey{revision: r.Revision(), mark: r.Mark(), offset: offset}
	hash.Sum(key.statement[:0])
	return key, true
}

// cached returns the cached result of a statement. If there is none, it calls find and caches its result.
func cached[V any](r *Reader, c *compiler, statement string, find func() (V, error)) (V, error) {
	return cachedIn(r.store.listCache, r, c, statement, find)
}

func cachedIn[V any](l listCache, r *Reader, c *compiler, statement string, find func() (V, error)) (V, error) {
	key, ok := r.listCacheKey(c, statement, 0)
	if ok {
		if v, known := l.cache.Get(key); known {
			return v.(V), nil
		}
	}
	v, err := find()
	if ok && err == nil {
		l.cache.Add(key, v)
	}
	return v, err
}
