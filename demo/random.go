package demo

import "math/bits"

// Random is a random number generator (splitmix64: Steele, Lea and Flood, 2014). Each customer, record and so on has
// one of its own: its numbers do not depend on the order in which a set is generated.
type Random uint64

// Topic separates the random numbers of one kind of object, such as calls, from those of another. The packages of the
// systems define their own topics; each has a different number.
type Topic uint64

// CustomerTopic is the topic of customers.
const CustomerTopic Topic = 1

const golden = 0x9e3779b97f4a7c15

func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Random returns the random number generator of object n of a topic.
func (g *Generator) Random(t Topic, n int) Random {
	return Random(mix(mix(g.Seed+uint64(t)*golden) + uint64(n)*golden))
}

// Below draws a number from 0 to n-1.
func (r *Random) Below(n int) int {
	*r += golden
	high, _ := bits.Mul64(mix(uint64(*r)), uint64(n))
	return int(high)
}

// Between draws a number from low to high, both included.
func (r *Random) Between(low, high int) int { return low + r.Below(high-low+1) }

// Percent returns true with a probability of n percent.
func (r *Random) Percent(n int) bool { return r.Below(100) < n }

// Pick draws an element of a list.
func Pick[T any](r *Random, list []T) T { return list[r.Below(len(list))] }
