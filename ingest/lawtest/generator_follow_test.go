package lawtest_test

import (
	"slices"
	"time"

	"usagegraph/db"
)

// anotherRecord returns another record with the names of an existing one.
func (g *generator) anotherRecord(like *document) *document {
	d := *like
	if d.Source != db.DXP {
		d.ID = g.nextID(d.Source)
	}
	d.At, d.Amount = g.time(d.Source), g.IntN(1000)
	if d.Number.means == possible && g.chance(50) {
		d.Number = g.spell(d.Number.value, d.Source)
	}
	return &d
}

// withOtherNumber returns another record of the same customer and own id with another number or card.
func (g *generator) withOtherNumber(like *document) *document {
	d := g.anotherRecord(like)
	d.At = g.after(like, d.Source)
	if d.Card.means == card && g.chance(50) {
		d.Card = g.other(d.Card, d.Source)
	}
	if d.Number.means != nothing && (d.Card.means != card || g.chance(50)) {
		d.Number = g.other(d.Number, d.Source)
	}
	d.Parties = slices.Clone(d.Parties)
	for i, p := range d.Parties {
		switch p.ID.means {
		case possible, local, card:
			d.Parties[i].ID = g.other(p.ID, d.Source)
			if d.Parties[i].ID.means == local {
				d.Parties[i].Role = "msisdn"
			}
		}
	}
	return d
}

// other returns another number for a number, sometimes a local one, and another card for a card.
func (g *generator) other(than text, source db.Source) text {
	for {
		var t text
		switch {
		case than.means == card:
			t = cardText(oneOf(g, cards...))
		case g.chance(15):
			t = localText(oneOf(g, locals[source]...))
		default:
			t = g.spell(oneOf(g, g.numbers...), source)
		}
		if t.in(source) != than.in(source) {
			return t
		}
	}
}

// sharingNumber returns a record of the same customer and number with another own id.
func (g *generator) sharingNumber(like *document) *document {
	d := g.anotherRecord(like)
	d.At = g.after(like, d.Source)
	switch d.Source {
	case db.STN:
		d.Own = ownID(oneOf(g, "s1", "s2", "s3"))
	case db.BRM:
		d.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
		d.Parties = append(d.Parties, party{Role: "subscriber", ID: ownID(oneOf(g, "sub-1", "sub-2"))})
	}
	return d
}

// takingNumber returns a record of any customer with the number or card of an existing record.
func (g *generator) takingNumber(like *document) *document {
	by := g.nameOf(like)
	d := g.newRecord(g.sourceOf(like, by), "")
	g.setName(d, by)
	d.At = g.after(like, d.Source)
	return d
}

// unownedRecord returns a record without a customer that has the number or card of an existing record, often at a time
// at which its place changes.
func (g *generator) unownedRecord(like *document) *document {
	by := g.nameOf(like)
	source := g.sourceOf(like, by)
	if by.means == possible && g.chance(60) {
		source = db.DXP
	}
	d := g.newRecord(source, "")
	g.dropCustomer(d)
	g.setName(d, by)
	d.At = g.boundaryTime(like, source)
	return d
}

// boundaryTime returns a time at which the place of a document with the name of a record changes: the bounds of its
// evidence, the end of its window, or the times of other evidence of the same customer.
func (g *generator) boundaryTime(like *document, source db.Source) time.Time {
	if source == db.STN || g.chance(20) {
		return g.after(like, source)
	}
	times := []time.Time{like.At, like.last(), like.last().Add(time.Microsecond), like.At.Add(attributionWindow)}
	for _, d := range g.documents {
		switch {
		case d == like || d.customerKey() != like.customerKey():
		case d.own() != like.own():
			times = append(times, d.At)
		default:
			times = append(times, d.At, d.At, d.At, d.At.AddDate(0, 0, g.IntN(20)))
		}
	}
	at := oneOf(g, times...).Add(oneOf(g, 0, 0, 0, -time.Second, time.Second))
	if source == db.DXP {
		return at.Truncate(time.Second)
	}
	return at
}

// nameOf returns a number or card of a record; the zero text if it has none.
func (g *generator) nameOf(like *document) text {
	number, sim := like.number(), like.card()
	if sim.means == card && (number.means == nothing || g.chance(40)) {
		return sim
	}
	if number.means == nothing {
		return text{}
	}
	return number
}

// sourceOf returns a system whose records can have the name of an existing one.
func (g *generator) sourceOf(like *document, by text) db.Source {
	source := g.source()
	if by.means == local || by.means == card && source == db.DXP {
		return like.Source
	}
	return source
}

// numberOnly returns a brm record of the same customer with the number alone, often halfway between records of two
// subscriptions that have the number. For other systems it returns anotherRecord.
func (g *generator) numberOnly(like *document) *document {
	if like.Source != db.BRM {
		return g.anotherRecord(like)
	}
	d := g.anotherRecord(like)
	d.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
	d.At = g.after(like, d.Source)
	for _, other := range g.documents {
		between := like.At.Add(other.At.Sub(like.At) / 2).Truncate(time.Microsecond)
		if names := like.names(); other.customerKey() == like.customerKey() && len(names) > 0 && other.hasName(names[0]) && other.own() != like.own() && g.chance(80) {
			d.At = between
		}
	}
	return d
}

// dropCustomer removes a record's customer, except from a summary, which must have one.
func (g *generator) dropCustomer(d *document) {
	if d.Source == db.STN {
		return
	}
	d.Customer = ""
	d.Parties = slices.DeleteFunc(d.Parties, func(p party) bool { return slices.Contains(customerRoles, p.Role) })
}

// setName sets the number or card of a document to that of another. It replaces the other names of a usage record.
func (g *generator) setName(d *document, by text) {
	switch by.means {
	case nothing:
		return
	case possible:
		by = g.spell(by.value, d.Source)
	}
	switch d.Source {
	case db.Elevate, db.DXP:
		d.Own, d.Number, d.Card = text{}, text{}, text{}
	case db.STN:
		if d.Own.means != own {
			d.Own = ownID("s1")
		}
	case db.BRM:
		role := oneOf(g, subscriptionRoles...)
		if by.means == local {
			role = "msisdn"
		}
		d.Parties = slices.DeleteFunc(d.Parties, func(p party) bool { return slices.Contains(subscriptionRoles, p.Role) && p.ID.means != own })
		d.Parties = append(d.Parties, party{Role: role, ID: by})
		return
	}
	if by.means == card {
		d.Card = by
	} else {
		d.Number = by
	}
}

// after returns the time of a document, or one up to 50 days later.
func (g *generator) after(like *document, source db.Source) time.Time {
	if source == db.STN {
		return time.Date(2025, like.At.Month()+time.Month(g.IntN(2)), 1, 0, 0, 0, 0, time.UTC)
	}
	return like.At.AddDate(0, 0, oneOf(g, 0, 1+g.IntN(12), 1+g.IntN(50))).Truncate(time.Second)
}

// newVersion returns another version of a record, with some or all values changed.
func (g *generator) newVersion(of *document) *document {
	if of.Source == db.DXP {
		d := *of
		d.Amount = g.IntN(1000)
		if d.Number.means == possible {
			d.Number = g.spell(d.Number.value, d.Source)
		}
		return &d
	}
	d := g.newRecord(of.Source, of.ID)
	if g.chance(50) {
		d.At = of.At
	}
	if g.chance(40) {
		d.Customer, d.Own, d.Number, d.Card, d.Parties = of.Customer, of.Own, of.Number, of.Card, of.Parties
	}
	return d
}
