package graphqlhttp_test

import (
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"usagegraph/db/dbtest"
)

// cpuTime returns the processor time of this process.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

const (
	// maxCPUTime is the maximum processor time of a response, and maxResponse its maximum length in bytes.
	maxCPUTime  = 50 * time.Millisecond * raceFactor
	maxResponse = 64 << 10
)

// TestHostileDocumentsAreCheap is not parallel: it measures the whole process.
func TestHostileDocumentsAreCheap(t *testing.T) {
	h := newHandler(t, dbtest.Open(t, filepath.Join(t.TempDir(), "test.db")), nil)
	before := heapSize()
	for _, test := range hostile {
		body := test.body()
		best := time.Duration(1 << 62)
		var got *reply
		for range 5 {
			began := cpuTime(t)
			got = post(t, h, strings.NewReader(body))
			if best = min(best, cpuTime(t)-began); best <= maxCPUTime {
				break
			}
		}
		if best > maxCPUTime {
			t.Errorf("%s: %v of processor time", test.name, best)
		}
		if len(got.body) > maxResponse {
			t.Errorf("%s: a response of %d bytes", test.name, len(got.body))
		}
		if got.code() != test.code || got.status >= http.StatusInternalServerError {
			t.Errorf("%s: %d, not %q: %.400s", test.name, got.status, test.code, got.body)
		}
		for _, err := range got.Errors {
			if len(err.Message) > 200 {
				t.Errorf("%s: a message of %d bytes", test.name, len(err.Message))
			}
		}
		if testing.Verbose() {
			t.Logf("%-60s %6.1f ms %6d bytes %d %s", test.name, float64(best.Microseconds())/1000, len(got.body), got.status, got.code())
		}
	}
	if after := heapSize(); after > before+maxMemory {
		t.Errorf("%d kB of memory are retained", (after-before)>>10)
	}
}

// maxMemory is the maximum growth of the heap: that of a few cached documents.
const maxMemory = 8 << 20

// heapSize returns the size of the heap after a garbage collection.
func heapSize() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
