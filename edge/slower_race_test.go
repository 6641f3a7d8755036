//go:build race

package edge_test

// slower is how many times as long as usual a program takes under the race detector, roughly.
const slower = 15
