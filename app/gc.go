package app

import (
	"os"
	"runtime/debug"
)

// Settings of the garbage collector, unless GOGC or GOMEMLIMIT is set. Answers are large and short-lived, so the heap
// may grow to five times the live data below the memory limit. An import holds two batches; with its lower limit and
// SQLite's cache, the program stays under 256 MB.
const (
	gcPercent         = 400
	memoryLimit       = 384 << 20
	importMemoryLimit = 128 << 20
)

// tuneGC sets the garbage collector's percentage and memory limit.
func tuneGC() {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(gcPercent)
	}
	if _, ok := os.LookupEnv("GOMEMLIMIT"); !ok {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// tuneImportGC sets the percentage and memory limit of commands that import, back up or restore.
func tuneImportGC() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(gcPercent)
		debug.SetMemoryLimit(importMemoryLimit)
	}
}
