package lawtest_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"usagegraph/db"
)

// maker makes a set of documents about a few people at random. Its pools are small, so that numbers are handed on, kept,
// disputed and reused.
type maker struct {
	*rand.Rand
	// numbers are E.164 digits.
	numbers []string
	// customers are the ids of the customers of each system.
	customers map[db.Source][]string
	documents []*document
	ids       int
}

// makeSet returns the set of a seed, in the order in which it is imported.
func makeSet(seed uint64) []*document {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 0)), customers: map[db.Source][]string{}, ids: 7}
	all := slices.Sorted(maps.Keys(spellings))
	m.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	m.numbers = all[:one(m, 2, 3, 4, 5)]
	for person := range one(m, 1, 2, 2, 3, 4, 5) {
		m.person(person)
	}
	for range m.IntN(3) {
		m.story()
	}
	for range 1 + one(m, m.IntN(6), m.IntN(16)) {
		m.documents = append(m.documents, m.next())
	}
	if m.chance(40) {
		m.unnumbered()
	}
	return m.documents
}

// person adds a person to some systems, as a customer of each.
func (m *maker) person(n int) {
	ids := map[db.Source]string{db.Elevate: strconv.Itoa(9 + n), db.BRM: fmt.Sprintf("acct-%d", n), db.STN: string(rune('A' + n))}
	sources := []db.Source{db.Elevate, db.BRM, db.STN}
	m.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
	for _, source := range sources[:1+m.IntN(3)] {
		m.customers[source] = append(m.customers[source], ids[source])
	}
}

func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func one[T any](m *maker, of ...T) T { return of[m.IntN(len(of))] }

// next makes a new record, another version of one, or what follows one.
func (m *maker) next() *document {
	if len(m.documents) == 0 {
		return m.fresh(m.source(), "")
	}
	switch n := m.IntN(100); {
	case n < 10:
		return m.corrected(one(m, m.documents...))
	case n < 22:
		return m.further(one(m, m.documents...))
	case n < 34:
		return m.renumbered(m.like(true))
	case n < 42:
		return m.shared(m.like(true))
	case n < 50:
		return m.alone(m.like(true))
	case n < 62:
		return m.taken(m.like(m.chance(50)))
	case n < 88:
		return m.asked(m.like(m.chance(60)))
	}
	return m.fresh(m.source(), "")
}

// like returns a document that is evidence for a number, of a subscription with an own id where that is wanted; any
// document where there is none.
func (m *maker) like(ofOwnID bool) *document {
	var list []*document
	for _, d := range m.documents {
		if d.customer() != "" && len(d.names()) > 0 && (!ofOwnID || d.own().means == own) {
			list = append(list, d)
		}
	}
	if list == nil {
		list = m.documents
	}
	return one(m, list...)
}

// source returns a system of which there are customers, or dxp.
func (m *maker) source() db.Source {
	for {
		source := one(m, db.Elevate, db.Elevate, db.BRM, db.BRM, db.BRM, db.STN, db.STN, db.DXP, db.DXP)
		if source == db.DXP || len(m.customers[source]) > 0 {
			return source
		}
	}
}

func (m *maker) nextID(source db.Source) string {
	m.ids++
	return map[db.Source]string{db.Elevate: "", db.BRM: "u", db.STN: "m"}[source] + strconv.Itoa(m.ids)
}

// fresh makes a record of a system; without an id it gets a new one.
func (m *maker) fresh(source db.Source, id string) *document {
	d := &document{Source: source, ID: id, Amount: m.IntN(1000)}
	if id == "" && source != db.DXP {
		d.ID = m.nextID(source)
	}
	d.At = m.time(source)
	if (source == db.Elevate || source == db.BRM) && m.chance(40) {
		d.Version = one(m, "2025-07-01", "2025-07-02", "2025-07-03")
	}
	switch source {
	case db.Elevate:
		m.elevate(d)
	case db.BRM:
		d.Parties = m.parties()
	case db.STN:
		m.stn(d)
	case db.DXP:
		if d.Number = m.number(source); m.chance(8) {
			d.Number, d.Own = text{}, ownID(one(m, "S-1", "S-2"))
		}
	}
	return d
}

// time returns an instant, or the begin of a month: often one at which something changes.
func (m *maker) time(source db.Source) time.Time {
	first := time.Date(2025, time.Month(1+m.IntN(6)), 1, 0, 0, 0, 0, time.UTC)
	if source == db.STN {
		return first
	}
	at := first
	switch n := m.IntN(100); {
	case n < 20:
	case n < 55 && len(m.documents) > 0:
		like := one(m, m.documents...)
		at = one(m, like.At, like.At, like.last(), like.At.Add(attributionWindow), like.At.AddDate(0, 0, 1+m.IntN(40)))
	case n < 75:
		at = first.AddDate(0, 0, m.IntN(28))
	default:
		at = first.AddDate(0, 0, m.IntN(28)).Add(time.Duration(m.IntN(24)) * time.Hour)
	}
	if m.chance(30) {
		at = at.Add(one(m, -time.Second, time.Second, -time.Microsecond))
	}
	if source == db.DXP {
		return at.Truncate(time.Second)
	}
	return at.Truncate(time.Microsecond)
}
