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

// generator generates a random set of documents about a few people. Its pools are small, so that numbers are often
// kept, disputed and reused.
type generator struct {
	*rand.Rand
	// numbers are E.164 digits.
	numbers []string
	// customers are the ids of the customers of each system.
	customers map[db.Source][]string
	documents []*document
	ids       int
}

// generateSet returns the set of a seed, in import order.
func generateSet(seed uint64) []*document {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), customers: map[db.Source][]string{}, ids: 7}
	all := slices.Sorted(maps.Keys(spellings))
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	g.numbers = all[:oneOf(g, 2, 3, 4, 5)]
	for person := range oneOf(g, 1, 2, 2, 3, 4, 5) {
		g.person(person)
	}
	for range g.IntN(3) {
		g.scenario()
	}
	for range 1 + oneOf(g, g.IntN(6), g.IntN(16)) {
		g.documents = append(g.documents, g.next())
	}
	if g.chance(40) {
		g.ownIDOnly()
	}
	return g.documents
}

// person adds a person to some systems, as a customer of each.
func (g *generator) person(n int) {
	ids := map[db.Source]string{db.Elevate: strconv.Itoa(9 + n), db.BRM: fmt.Sprintf("acct-%d", n), db.STN: string(rune('A' + n))}
	sources := []db.Source{db.Elevate, db.BRM, db.STN}
	g.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
	for _, source := range sources[:1+g.IntN(3)] {
		g.customers[source] = append(g.customers[source], ids[source])
	}
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func oneOf[T any](g *generator, of ...T) T { return of[g.IntN(len(of))] }

// next returns a new record, another version of one, or one that depends on an existing one.
func (g *generator) next() *document {
	if len(g.documents) == 0 {
		return g.newRecord(g.source(), "")
	}
	switch n := g.IntN(100); {
	case n < 10:
		return g.newVersion(oneOf(g, g.documents...))
	case n < 22:
		return g.anotherRecord(oneOf(g, g.documents...))
	case n < 34:
		return g.withOtherNumber(g.existing(true))
	case n < 42:
		return g.sharingNumber(g.existing(true))
	case n < 50:
		return g.numberOnly(g.existing(true))
	case n < 62:
		return g.takingNumber(g.existing(g.chance(50)))
	case n < 88:
		return g.unownedRecord(g.existing(g.chance(60)))
	}
	return g.newRecord(g.source(), "")
}

// existing returns a document that is evidence for a number, with an own id if ofOwnID is set; any document if there is
// none.
func (g *generator) existing(ofOwnID bool) *document {
	var list []*document
	for _, d := range g.documents {
		if d.customer() != "" && len(d.names()) > 0 && (!ofOwnID || d.own().means == own) {
			list = append(list, d)
		}
	}
	if list == nil {
		list = g.documents
	}
	return oneOf(g, list...)
}

// source returns a system with customers, or dxp.
func (g *generator) source() db.Source {
	for {
		source := oneOf(g, db.Elevate, db.Elevate, db.BRM, db.BRM, db.BRM, db.STN, db.STN, db.DXP, db.DXP)
		if source == db.DXP || len(g.customers[source]) > 0 {
			return source
		}
	}
}

func (g *generator) nextID(source db.Source) string {
	g.ids++
	return map[db.Source]string{db.Elevate: "", db.BRM: "u", db.STN: "m"}[source] + strconv.Itoa(g.ids)
}

// newRecord returns a record of a system; if id is empty it gets a new one.
func (g *generator) newRecord(source db.Source, id string) *document {
	d := &document{Source: source, ID: id, Amount: g.IntN(1000)}
	if id == "" && source != db.DXP {
		d.ID = g.nextID(source)
	}
	d.At = g.time(source)
	if (source == db.Elevate || source == db.BRM) && g.chance(40) {
		d.Version = oneOf(g, "2025-07-01", "2025-07-02", "2025-07-03")
	}
	switch source {
	case db.Elevate:
		g.elevate(d)
	case db.BRM:
		d.Parties = g.parties()
	case db.STN:
		g.stn(d)
	case db.DXP:
		if d.Number = g.number(source); g.chance(8) {
			d.Number, d.Own = text{}, ownID(oneOf(g, "S-1", "S-2"))
		}
	}
	return d
}

// time returns a time, or the beginning of a month for sTN: often one at which an owner changes.
func (g *generator) time(source db.Source) time.Time {
	first := time.Date(2025, time.Month(1+g.IntN(6)), 1, 0, 0, 0, 0, time.UTC)
	if source == db.STN {
		return first
	}
	at := first
	switch n := g.IntN(100); {
	case n < 20:
	case n < 55 && len(g.documents) > 0:
		like := oneOf(g, g.documents...)
		at = oneOf(g, like.At, like.At, like.last(), like.At.Add(attributionWindow), like.At.AddDate(0, 0, 1+g.IntN(40)))
	case n < 75:
		at = first.AddDate(0, 0, g.IntN(28))
	default:
		at = first.AddDate(0, 0, g.IntN(28)).Add(time.Duration(g.IntN(24)) * time.Hour)
	}
	if g.chance(30) {
		at = at.Add(oneOf(g, -time.Second, time.Second, -time.Microsecond))
	}
	if source == db.DXP {
		return at.Truncate(time.Second)
	}
	return at.Truncate(time.Microsecond)
}
