package demo

import "math/bits"

// random draws numbers (splitmix64: Steele, Lea and Flood, 2014). Each thing that is made has one of its own, so that
// nothing depends on what was made before it.
type random uint64

// topic keeps the numbers of one kind of thing apart from another's.
type topic uint64

const (
	ofCustomer topic = iota + 1
	ofSTNCustomer
	ofLine
	ofSTNLine
	ofCall
	ofEvent
	ofSummary
	ofSummaryID
	ofReport
)

const golden = 0x9e3779b97f4a7c15

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (w *world) random(t topic, n int) random {
	return random(mix(mix(w.Seed+uint64(t)*golden) + uint64(n)*golden))
}

// below draws from 0 to n-1.
func (r *random) below(n int) int {
	*r += golden
	high, _ := bits.Mul64(mix(uint64(*r)), uint64(n))
	return int(high)
}

// between draws from low to high.
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// percent is true in so many of a hundred draws.
func (r *random) percent(n int) bool { return r.below(100) < n }

func pick[T any](r *random, list []T) T { return list[r.below(len(list))] }

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// id draws an id as stn writes them.
func (r *random) id() string {
	var id [17]byte
	for i := range id {
		id[i] = alphanumeric[r.below(len(alphanumeric))]
	}
	return string(id[:])
}
