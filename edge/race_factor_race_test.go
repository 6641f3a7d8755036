//go:build race

package edge_test

// raceFactor is the approximate slowdown of a program by the race detector.
const raceFactor = 15
