package resolvers_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestPageMemory reads the first and the last page of 1,000 records of a customer with 2,000 and of one with 20,000. It
// does not run in parallel with other tests, because it counts the allocations of the whole process.
func TestPageMemory(t *testing.T) {
	var alone sync.Mutex
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		alone.Lock()
		defer alone.Unlock()
		g := newGraph(t, store)
		g.loadHistory(1, 2000)
		g.loadHistory(2, 20_000)
		for _, page := range []string{"first", "last"} {
			query := `query ($customer: String!) {customer(by: {sourceId: {source: ELEVATE, value: $customer}}) {
				usageRecords(` + page + `: 1000, filter: {eventTime: {gte: "2025-01-01T00:00:00Z", lt: "2026-01-01T00:00:00Z"}}) {
				pageInfo {hasNextPage hasPreviousPage endCursor} nodes {id eventTime usageType destination quantity {amount unit} rated {taxExcluded {amount}}}}}}`
			short, long := g.allocated(query, "1"), g.allocated(query, "2")
			if long > short+short/20 {
				t.Errorf("the %s page of 2,000 records takes %d bytes, of 20,000 it takes %d", page, short, long)
			}
		}
	})
}

// loadHistory imports calls of a customer at intervals of ten minutes.
func (g *graph) loadHistory(customer, calls int) {
	g.t.Helper()
	var b bytes.Buffer
	start := time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
	for i := range calls {
		at := start.Add(time.Duration(i) * 10 * time.Minute).Format(time.RFC3339)
		fmt.Fprintf(&b, `{"id":%d,"customerId":%d,"serviceId":"line %d","eventDate":%q,"destination":"Paris","callClass":"UK Mobile","durationQuantity":60,"sellPrice":0.10}`+"\n",
			customer*100_000+i, customer, customer, at)
	}
	g.load(db.Elevate, &b)
}

// allocated returns the bytes allocated for an answer with 1,000 records: the minimum of several tries.
func (g *graph) allocated(query, customer string) uint64 {
	g.t.Helper()
	least := ^uint64(0)
	for range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		answer, _ := g.query(query, map[string]any{"customer": customer})
		runtime.ReadMemStats(&after)
		if n := strings.Count(string(answer), `"eventTime":`); n != 1000 {
			g.t.Fatalf("%d records: %.300s", n, answer)
		}
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}
