//go:build !race

package edge_test

// slower is how many times as long as usual a program takes.
const slower = 1
