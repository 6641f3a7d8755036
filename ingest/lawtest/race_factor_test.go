//go:build !race

package lawtest_test

// raceFactor divides the number of sets.
const raceFactor = 1
