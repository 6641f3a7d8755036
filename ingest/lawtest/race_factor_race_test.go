//go:build race

package lawtest_test

// raceFactor divides the number of sets under the race detector.
const raceFactor = 15
