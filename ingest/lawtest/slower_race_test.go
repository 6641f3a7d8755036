//go:build race

package lawtest_test

// slower is how many times fewer sets are made than usual, under the race detector.
const slower = 15
