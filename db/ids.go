package db

import (
	"sync"
	"time"
)

// idEpoch is 2020-01-01T00:00:00Z in milliseconds since 1970. The time part of an id counts from it.
const idEpoch = 1577836800000

// IDs generates 64-bit ids that increase with time: 41 bits of milliseconds since idEpoch, 10 bits of node and 12 bits
// of sequence number. It is safe for concurrent use.
type IDs struct {
	mu    sync.Mutex
	clock func() time.Time
	node  int64
	last  int64
}

// NewIDs returns a generator for a node from 0 to 1023. Processes that write at the same time should use different
// nodes.
func NewIDs(clock func() time.Time, node int64) *IDs {
	return &IDs{clock: clock, node: node & 0x3ff}
}

// Next returns an id that is larger than all ids before it, even if the clock stops or goes back.
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
