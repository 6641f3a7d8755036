//go:build race

package edge_test

// raceFactor is roughly how many times longer a program takes under the race detector.
const raceFactor = 15
