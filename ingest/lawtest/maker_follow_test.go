package lawtest_test

import (
	"slices"
	"time"

	"usagegraph/db"
)

// further makes another record with the names of one.
func (m *maker) further(like *document) *document {
	d := *like
	if d.Source != db.DXP {
		d.ID = m.nextID(d.Source)
	}
	d.At, d.Amount = m.time(d.Source), m.IntN(1000)
	if d.Number.means == possible && m.chance(50) {
		d.Number = m.spell(d.Number.value, d.Source)
	}
	return &d
}

// renumbered makes another record of the same customer and own id with another number, or with another card.
func (m *maker) renumbered(like *document) *document {
	d := m.further(like)
	d.At = m.after(like, d.Source)
	if d.Card.means == card && m.chance(50) {
		d.Card = m.other(d.Card, d.Source)
	}
	if d.Number.means != nothing && (d.Card.means != card || m.chance(50)) {
		d.Number = m.other(d.Number, d.Source)
	}
	d.Parties = slices.Clone(d.Parties)
	for i, p := range d.Parties {
		switch p.ID.means {
		case possible, local, card:
			d.Parties[i].ID = m.other(p.ID, d.Source)
			if d.Parties[i].ID.means == local {
				d.Parties[i].Role = "msisdn"
			}
		}
	}
	return d
}

// other returns another number where a number is given, sometimes a local one, and another card where a card is.
func (m *maker) other(than text, source db.Source) text {
	for {
		var t text
		switch {
		case than.means == card:
			t = cardText(one(m, cards...))
		case m.chance(15):
			t = localText(one(m, locals[source]...))
		default:
			t = m.spell(one(m, m.numbers...), source)
		}
		if t.in(source) != than.in(source) {
			return t
		}
	}
}

// shared makes a record of the same customer and number with another own id.
func (m *maker) shared(like *document) *document {
	d := m.further(like)
	d.At = m.after(like, d.Source)
	switch d.Source {
	case db.STN:
		d.Own = ownID(one(m, "s1", "s2", "s3"))
	case db.BRM:
		d.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
		d.Parties = append(d.Parties, party{Role: "subscriber", ID: ownID(one(m, "sub-1", "sub-2"))})
	}
	return d
}

// taken makes a record of any customer with the number or card of another.
func (m *maker) taken(like *document) *document {
	by := m.nameOf(like)
	d := m.fresh(m.sourceOf(like, by), "")
	m.name(d, by)
	d.At = m.after(like, d.Source)
	return d
}

// asked makes a record of no customer with the number or card of another, often at a time at which its place changes.
func (m *maker) asked(like *document) *document {
	by := m.nameOf(like)
	source := m.sourceOf(like, by)
	if by.means == possible && m.chance(60) {
		source = db.DXP
	}
	d := m.fresh(source, "")
	m.anonymous(d)
	m.name(d, by)
	d.At = m.turn(like, source)
	return d
}

// turn returns a time at which the place of a document changes that has the name of a record: where its evidence
// begins or ends, where its window ends, or where the same customer has other evidence.
func (m *maker) turn(like *document, source db.Source) time.Time {
	if source == db.STN || m.chance(20) {
		return m.after(like, source)
	}
	times := []time.Time{like.At, like.last(), like.last().Add(time.Microsecond), like.At.Add(attributionWindow)}
	for _, d := range m.documents {
		switch {
		case d == like || d.customerKey() != like.customerKey():
		case d.own() != like.own():
			times = append(times, d.At)
		default:
			times = append(times, d.At, d.At, d.At, d.At.AddDate(0, 0, m.IntN(20)))
		}
	}
	at := one(m, times...).Add(one(m, 0, 0, 0, -time.Second, time.Second))
	if source == db.DXP {
		return at.Truncate(time.Second)
	}
	return at
}

// nameOf returns a number or card of a record; the zero text where it has none.
func (m *maker) nameOf(like *document) text {
	number, sim := like.number(), like.card()
	if sim.means == card && (number.means == nothing || m.chance(40)) {
		return sim
	}
	if number.means == nothing {
		return text{}
	}
	return number
}

// sourceOf returns a system whose records may have the name of another.
func (m *maker) sourceOf(like *document, by text) db.Source {
	source := m.source()
	if by.means == local || by.means == card && source == db.DXP {
		return like.Source
	}
	return source
}

// alone makes a record of the same customer with the number alone, of brm: sometimes just between two records of two
// subscriptions that have the number.
func (m *maker) alone(like *document) *document {
	if like.Source != db.BRM {
		return m.further(like)
	}
	d := m.further(like)
	d.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
	d.At = m.after(like, d.Source)
	for _, other := range m.documents {
		between := like.At.Add(other.At.Sub(like.At) / 2).Truncate(time.Microsecond)
		if names := like.names(); other.customerKey() == like.customerKey() && len(names) > 0 && other.hasName(names[0]) && other.own() != like.own() && m.chance(80) {
			d.At = between
		}
	}
	return d
}

// anonymous takes a record's customer away, but for a summary, which has one.
func (m *maker) anonymous(d *document) {
	if d.Source == db.STN {
		return
	}
	d.Customer = ""
	d.Parties = slices.DeleteFunc(d.Parties, func(p party) bool { return slices.Contains(customerRoles, p.Role) })
}

// name gives a document the number or card of another: of a usage record it is its only one.
func (m *maker) name(d *document, by text) {
	switch by.means {
	case nothing:
		return
	case possible:
		by = m.spell(by.value, d.Source)
	}
	switch d.Source {
	case db.Elevate, db.DXP:
		d.Own, d.Number, d.Card = text{}, text{}, text{}
	case db.STN:
		if d.Own.means != own {
			d.Own = ownID("s1")
		}
	case db.BRM:
		role := one(m, lineRoles...)
		if by.means == local {
			role = "msisdn"
		}
		d.Parties = slices.DeleteFunc(d.Parties, func(p party) bool { return slices.Contains(lineRoles, p.Role) && p.ID.means != own })
		d.Parties = append(d.Parties, party{Role: role, ID: by})
		return
	}
	if by.means == card {
		d.Card = by
	} else {
		d.Number = by
	}
}

// after returns the time of a document, or one that follows soon.
func (m *maker) after(like *document, source db.Source) time.Time {
	if source == db.STN {
		return time.Date(2025, like.At.Month()+time.Month(m.IntN(2)), 1, 0, 0, 0, 0, time.UTC)
	}
	return like.At.AddDate(0, 0, one(m, 0, 1+m.IntN(12), 1+m.IntN(50))).Truncate(time.Second)
}

// corrected makes another version of a record: of some values, or of all.
func (m *maker) corrected(of *document) *document {
	if of.Source == db.DXP {
		d := *of
		d.Amount = m.IntN(1000)
		if d.Number.means == possible {
			d.Number = m.spell(d.Number.value, d.Source)
		}
		return &d
	}
	d := m.fresh(of.Source, of.ID)
	if m.chance(50) {
		d.At = of.At
	}
	if m.chance(40) {
		d.Customer, d.Own, d.Number, d.Card, d.Parties = of.Customer, of.Own, of.Number, of.Card, of.Parties
	}
	return d
}
