package demo

import "time"

// world is a set and what follows from it. All of it is computed when it is asked for, nothing is kept.
type world struct {
	Set
	// start is the first moment of the first month, in UTC.
	start                   time.Time
	elevateCalls, brmEvents int
}

func newWorld(s Set) *world {
	if s.Months <= 0 {
		s.Months = DefaultMonths
	}
	if s.Until.IsZero() {
		s.Until = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	s.Customers = max(s.Customers, 0)
	s.Until = s.Until.UTC().Truncate(24 * time.Hour)
	last := s.Until.AddDate(0, 0, -1)
	w := &world{Set: s, start: time.Date(last.Year(), last.Month()-time.Month(s.Months-1), 1, 0, 0, 0, 0, time.UTC)}
	if s.Customers > 0 {
		w.brmEvents = max(s.Records/10, s.Customers)
		w.elevateCalls = max(s.Records-w.brmEvents, inElevate.count(s.Customers))
	}
	return w
}

// month returns the first day of one of the set's months, from 0.
func (w *world) month(m int) time.Time { return w.start.AddDate(0, m, 0) }

// stnFirst is how many of the first customers may be known in stn, which is small: a large set is mostly the usage
// records of the others.
const stnFirst = 650

// countSTN returns how many customers are known in stn.
func (w *world) countSTN() int { return inSTN.count(min(w.Customers, stnFirst)) }

// members are the customers who are known in a system: of each ten, those at some places.
type members []int

// Six of ten are known everywhere, as long as stn takes them on.
var (
	inElevate = members{0, 1, 2, 3, 4, 6, 8, 9}
	inSTN     = members{0, 2, 4, 5, 6, 8, 9}
	inBRM     = members{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
)

// nth returns the nth member's customer.
func (m members) nth(n int) int { return n/len(m)*10 + m[n%len(m)] }

// count returns how many of the first customers are members.
func (m members) count(customers int) int {
	n := customers / 10 * len(m)
	for _, place := range m {
		if place < customers%10 {
			n++
		}
	}
	return n
}

func (m members) has(customer int) bool {
	for _, place := range m {
		if place == customer%10 {
			return true
		}
	}
	return false
}

// One customer of a hundred is large. He is known in elevate and brm.
const firstLarge, largeStep = 4, 100

// large returns how many large customers there are.
func (w *world) large() int { return (w.Customers + largeStep - firstLarge - 1) / largeStep }

// user draws the customer of record k of a system's n. Each member has one at least; of the others a quarter is the
// large customers', and the rest is skewed to those who came first.
func (w *world) user(r *random, m members, k, n int) int {
	count := m.count(w.Customers)
	if nth := k * count / n; (k+1)*count/n > nth {
		return m.nth(nth)
	}
	if large := w.large(); large > 0 && r.percent(24) {
		return firstLarge + largeStep*r.below(large)
	}
	return m.nth(min(r.below(count), r.below(count)))
}

// lines returns the first of a customer's lines and how many he has, 1 to 5: two neighbours have six.
func (w *world) lines(customer int) (first, count int) {
	more := customer / 2 % 3
	switch {
	case customer%2 == 1:
		return 3*customer + more, 3 - more
	case customer == w.Customers-1:
		more = 0
	}
	return 3 * customer, 3 + more
}
