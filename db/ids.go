package db

import (
	"sync"
	"time"
)

// idEpoch is the zero of the ids' clock, in milliseconds since 1970: 2020-01-01T00:00:00Z.
const idEpoch = 1577836800000

// IDs makes 64-bit ids that grow with time: 41 bits of milliseconds since 2020, 10 bits of node, 12 bits of count.
type IDs struct {
	mu    sync.Mutex
	clock func() time.Time
	node  int64
	last  int64
}

// NewIDs makes ids by a clock; two processes that write at once should have different nodes (0 to 1023).
func NewIDs(clock func() time.Time, node int64) *IDs {
	return &IDs{clock: clock, node: node & 0x3ff}
}

// Next returns an id that is larger than any before it, even where the clock stands still or goes back.
func (g *IDs) Next() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	next := (g.clock().UnixMilli() - idEpoch) << 12
	if next <= g.last {
		next = g.last + 1
	}
	g.last = next
	return next>>12<<22 | g.node<<12 | next&0xfff
}
