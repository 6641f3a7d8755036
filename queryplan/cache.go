package queryplan

import (
	"context"
	"math"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// Cache is an LRU cache that is limited to a number of bytes. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	limit int
	size  func(K, V) int

	mu     sync.Mutex
	total  int
	recent *simplelru.LRU[K, V]
}

var _ graphql.Cache[any] = (*Cache[string, any])(nil)

// NewCache returns a cache that is limited to a number of bytes; size returns the bytes of an entry. Entries larger
// than an eighth of the limit are not cached.
func NewCache[K comparable, V any](limit int, size func(K, V) int) *Cache[K, V] {
	c := &Cache[K, V]{limit: limit, size: size}
	c.recent, _ = simplelru.NewLRU(math.MaxInt, func(key K, value V) { c.total -= size(key, value) }) // it fails only for a size <= 0
	return c
}

// documentSize is an upper bound of the bytes that a parsed query takes for each byte of its text.
const documentSize = 80

// NewDocuments returns a cache of parsed queries by their texts.
func NewDocuments(limit int) *Cache[string, *ast.QueryDocument] {
	return NewCache(limit, func(text string, _ *ast.QueryDocument) int { return documentSize * len(text) })
}

// Get returns the entry of a key.
func (c *Cache[K, V]) Get(_ context.Context, key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Get(key)
}

// Add stores an entry, replacing the previous one of its key, and evicts the least recently used entries above the
// limit.
func (c *Cache[K, V]) Add(_ context.Context, key K, value V) {
	size := c.size(key, value)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recent.Remove(key)
	if size > c.limit/8 {
		return
	}
	c.recent.Add(key, value)
	for c.total += size; c.total > c.limit; {
		c.recent.RemoveOldest()
	}
}
