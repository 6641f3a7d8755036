package app

import (
	"os"
	"runtime/debug"
)

// The garbage collector's settings where the environment (GOGC, GOMEMLIMIT) has none of its own: answers are large and
// gone soon, so the heap may grow to five times what is in use before it is collected, as long as it stays small.
const (
	collectAt   = 400
	memoryLimit = 384 << 20
)

// tuneCollector tells the garbage collector.
func tuneCollector() {
	if _, ok := os.LookupEnv("GOGC"); !ok {
		debug.SetGCPercent(collectAt)
	}
	if _, ok := os.LookupEnv("GOMEMLIMIT"); !ok {
		debug.SetMemoryLimit(memoryLimit)
	}
}
