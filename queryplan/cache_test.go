package queryplan_test

import (
	"fmt"
	"sync"
	"testing"

	"usagegraph/queryplan"
)

func TestCacheEviction(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := queryplan.NewCache(1000, func(_ string, value int) int { return value })
	has := func(key string) bool {
		_, ok := c.Get(ctx, key)
		return ok
	}
	for i := range 10 {
		c.Add(ctx, fmt.Sprint(i), 100)
	}
	if !has("0") {
		t.Error("an entry within the limit is missing")
	}
	c.Add(ctx, "more", 100)
	if has("1") || !has("0") || !has("more") {
		t.Error("the least recently used entry was not evicted")
	}
	c.Add(ctx, "too much", 126)
	if has("too much") || !has("more") {
		t.Error("an entry larger than an eighth is cached")
	}
	c.Add(ctx, "more", 10)
	c.Add(ctx, "another", 90)
	if !has("2") || !has("more") || !has("another") {
		t.Error("a replaced entry still counts")
	}
}

func TestCacheConcurrently(t *testing.T) {
	t.Parallel()
	c := queryplan.NewCache(100, func(int, int) int { return 10 })
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for i := range 500 {
				c.Add(t.Context(), i%20, worker)
				c.Get(t.Context(), (i+7)%20)
			}
		})
	}
	all.Wait()
}
