package lawtest_test

import (
	"slices"

	"usagegraph/db"
)

// scenario adds a few documents for one rule that random documents seldom test.
func (g *generator) scenario() {
	scenarios := []func(){g.numberChange, g.numberChange, g.dispute, g.versions}
	if len(g.customers[db.BRM]) > 0 {
		scenarios = append(scenarios, g.tie)
	}
	oneOf(g, scenarios...)()
}

func (g *generator) add(documents ...*document) { g.documents = append(g.documents, documents...) }

// withOwnIDAndName returns a record of a customer with an own id and a number or card.
func (g *generator) withOwnIDAndName() *document {
	for range 100 {
		source := g.source()
		if source != db.STN && len(g.customers[db.BRM]) > 0 {
			source = db.BRM
		}
		d := g.newRecord(source, "")
		if d.customer() != "" && d.own().means == own && len(d.names()) > 0 {
			return d
		}
	}
	return g.newRecord(g.source(), "") // neither brm nor sTN has customers
}

// numberChange adds a subscription that gets another number, and documents with the old one.
func (g *generator) numberChange() {
	d := g.withOwnIDAndName()
	g.add(d)
	g.add(g.withOtherNumber(d))
	g.add(g.unownedRecord(d), g.unownedRecord(d))
}

// dispute adds two subscriptions of one customer that have a number at one time, and perhaps other numbers later.
func (g *generator) dispute() {
	d := g.withOwnIDAndName()
	g.add(d)
	e := g.sharingNumber(d)
	if g.chance(70) {
		e.At = d.At
	}
	g.add(e)
	for _, like := range []*document{d, e} {
		if g.chance(60) {
			g.add(g.withOtherNumber(like))
		}
	}
	g.add(g.unownedRecord(d), g.unownedRecord(e))
}

// tie adds records of two subscriptions of a customer with one number, and one with the number alone halfway between
// them.
func (g *generator) tie() {
	var d *document
	for d = g.withOwnIDAndName(); d.Source != db.BRM; d = g.withOwnIDAndName() {
	}
	e := g.anotherRecord(d)
	e.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
	e.Parties = append(e.Parties, party{Role: "subscriber", ID: ownID(oneOf(g, "sub-0", "sub-9"))})
	e.At = d.At.AddDate(0, 0, 2*(1+g.IntN(20)))
	g.add(d, e)
	g.add(g.numberOnly(d), g.unownedRecord(d))
}

// ownIDOnly adds documents without a customer that have an own id alone, at times of other documents.
func (g *generator) ownIDOnly() {
	for range 1 + g.IntN(4) {
		source := g.source()
		if source == db.STN {
			source = db.DXP
		}
		d := g.newRecord(source, "")
		switch d.Source {
		case db.Elevate:
			d.Customer, d.Own, d.Number, d.Card = "", ownID(oneOf(g, "CKT-A", "CKT-B")), text{}, text{}
		case db.BRM:
			d.Parties = []party{{Role: "subscriber", ID: ownID(oneOf(g, "sub-1", "sub-2"))}, {Role: "msisdn", ID: unnamed(oneOf(g, unnamedNumbers...))}}
		case db.DXP:
			d.Own, d.Number = ownID(oneOf(g, "S-1", "S-2")), text{}
		}
		g.add(d)
	}
}

// versions adds several versions of a record, perhaps with dates.
func (g *generator) versions() {
	source := g.source()
	if source == db.DXP || source == db.STN {
		return
	}
	d := g.newRecord(source, "")
	g.add(d)
	for range 2 {
		e := g.newVersion(d)
		e.Version = oneOf(g, "2025-07-01", "2025-07-02", "")
		g.add(e)
	}
	g.add(g.unownedRecord(d))
}
