package lawtest_test

import (
	"slices"

	"usagegraph/db"
)

// story adds a few documents about one rule that documents at random seldom meet.
func (m *maker) story() {
	stories := []func(){m.change, m.change, m.dispute, m.again}
	if len(m.customers[db.BRM]) > 0 {
		stories = append(stories, m.tie)
	}
	one(m, stories...)()
}

func (m *maker) add(documents ...*document) { m.documents = append(m.documents, documents...) }

// named makes a record of a customer with an own id and a number or card.
func (m *maker) named() *document {
	for range 100 {
		source := m.source()
		if source != db.STN && len(m.customers[db.BRM]) > 0 {
			source = db.BRM
		}
		d := m.fresh(source, "")
		if d.customer() != "" && d.own().means == own && len(d.names()) > 0 {
			return d
		}
	}
	return m.fresh(m.source(), "") // neither brm nor sTN has customers
}

// change has a subscription that gets another number, and documents with the old one.
func (m *maker) change() {
	d := m.named()
	m.add(d)
	m.add(m.renumbered(d))
	m.add(m.asked(d), m.asked(d))
}

// dispute has two subscriptions of one customer that have a number at one time, and perhaps others later.
func (m *maker) dispute() {
	d := m.named()
	m.add(d)
	e := m.shared(d)
	if m.chance(70) {
		e.At = d.At
	}
	m.add(e)
	for _, like := range []*document{d, e} {
		if m.chance(60) {
			m.add(m.renumbered(like))
		}
	}
	m.add(m.asked(d), m.asked(e))
}

// tie has records of two subscriptions of a customer with one number, and one with the number alone in between.
func (m *maker) tie() {
	var d *document
	for d = m.named(); d.Source != db.BRM; d = m.named() {
	}
	e := m.further(d)
	e.Parties = slices.DeleteFunc(slices.Clone(d.Parties), func(p party) bool { return p.ID.means == own })
	e.Parties = append(e.Parties, party{Role: "subscriber", ID: ownID(one(m, "sub-0", "sub-9"))})
	e.At = d.At.AddDate(0, 0, 2*(1+m.IntN(20)))
	m.add(d, e)
	m.add(m.alone(d), m.asked(d))
}

// unnumbered has documents of no customer that name their subscription by an own id alone, at times of other documents.
func (m *maker) unnumbered() {
	for range 1 + m.IntN(4) {
		source := m.source()
		if source == db.STN {
			source = db.DXP
		}
		d := m.fresh(source, "")
		switch d.Source {
		case db.Elevate:
			d.Customer, d.Own, d.Number, d.Card = "", ownID(one(m, "CKT-A", "CKT-B")), text{}, text{}
		case db.BRM:
			d.Parties = []party{{Role: "subscriber", ID: ownID(one(m, "sub-1", "sub-2"))}, {Role: "msisdn", ID: unnamed(one(m, unnamedNumbers...))}}
		case db.DXP:
			d.Own, d.Number = ownID(one(m, "S-1", "S-2")), text{}
		}
		m.add(d)
	}
}

// again has a record that comes several times, perhaps with the days of its versions.
func (m *maker) again() {
	source := m.source()
	if source == db.DXP || source == db.STN {
		return
	}
	d := m.fresh(source, "")
	m.add(d)
	for range 2 {
		e := m.corrected(d)
		e.Version = one(m, "2025-07-01", "2025-07-02", "")
		m.add(e)
	}
	m.add(m.asked(d))
}
