package queryplan

import (
	"context"
	"math"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// Cache keeps what was used last, within a number of bytes. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	limit int
	cost  func(K, V) int

	mu     sync.Mutex
	total  int
	recent *simplelru.LRU[K, V]
}

var _ graphql.Cache[any] = (*Cache[string, any])(nil)

// NewCache makes a cache for so many bytes; cost says how many an entry takes. What alone takes more than an eighth of
// them is not kept.
func NewCache[K comparable, V any](limit int, cost func(K, V) int) *Cache[K, V] {
	c := &Cache[K, V]{limit: limit, cost: cost}
	c.recent, _ = simplelru.NewLRU(math.MaxInt, func(key K, value V) { c.total -= cost(key, value) }) // the size is no bad one
	return c
}

// documentSize is how many bytes the parsed form of a query takes for each of its text, at most.
const documentSize = 80

// NewDocuments makes a cache of parsed queries by their texts.
func NewDocuments(limit int) *Cache[string, *ast.QueryDocument] {
	return NewCache(limit, func(text string, _ *ast.QueryDocument) int { return documentSize * len(text) })
}

// Get returns what is kept under a key.
func (c *Cache[K, V]) Get(_ context.Context, key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recent.Get(key)
}

// Add keeps a value under a key, instead of the one that is there, and lets go of what was not used for longest.
func (c *Cache[K, V]) Add(_ context.Context, key K, value V) {
	cost := c.cost(key, value)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.recent.Remove(key)
	if cost > c.limit/8 {
		return
	}
	c.recent.Add(key, value)
	for c.total += cost; c.total > c.limit; {
		c.recent.RemoveOldest()
	}
}
