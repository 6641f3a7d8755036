package queryplan_test

import (
	"context"
	"fmt"

	"usagegraph/queryplan"
)

// ExampleNewCache keeps the most recently used entries within a number of bytes.
func ExampleNewCache() {
	ctx := context.Background()
	cache := queryplan.NewCache(80, func(_ string, text string) int { return len(text) })
	for i := range 9 {
		cache.Add(ctx, fmt.Sprint(i), "ten bytes.")
	}
	_, first := cache.Get(ctx, "0")
	_, last := cache.Get(ctx, "8")
	fmt.Println(first, last)
	// Output: false true
}
