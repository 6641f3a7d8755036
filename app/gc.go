package app

import (
	"os"
	"runtime/debug"
)

// Settings of the garbage collector, unless GOGC or GOMEMLIMIT is set. Answers are large and short-lived, so the heap
// may grow to five times the live data below the memory limit. An import, a backup or a restore holds two batches; with
// its lower limit and SQLite's cache, the program stays under 256 MB.
const (
	gcPercent         = 400
	memoryLimit       = 384 << 20
	importMemoryLimit = 128 << 20
)

// tuneGC sets the garbage collector's percentage and memory limit.
func tuneGC(limit int64) {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(gcPercent)
	}
	if _, ok := os.LookupEnv("GOMEMLIMIT"); !ok {
		debug.SetMemoryLimit(limit)
	}
}
