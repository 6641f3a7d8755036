package lawtest_test

import "usagegraph/db"

// elevate gives a record its customer and the meaning of its serviceId.
func (m *maker) elevate(d *document) {
	if !m.chance(22) {
		d.Customer = one(m, m.customers[db.Elevate]...)
	}
	switch n := m.IntN(100); {
	case n < 78:
		d.Number = m.number(db.Elevate)
	case n < 90:
		d.Own = ownID(one(m, "CKT-A", "CKT-B"))
	case n < 97:
		d.Card = cardText(one(m, cards...))
	}
}

// stn gives a summary its customer and names. A subscriptionId that is a placeholder or a number is no own id.
func (m *maker) stn(d *document) {
	d.Customer, d.Own, d.ProviderGroup = one(m, m.customers[db.STN]...), ownID(one(m, "s1", "s1", "s2", "s3")), one(m, "", "KPN", "TELE2")
	if m.chance(85) {
		d.Number = m.number(db.STN)
	}
	switch n := m.IntN(100); {
	case n < 40:
		d.Card = cardText(one(m, cards...))
	case n < 50:
		d.Card = unnamed(one(m, unnamedCards...))
	}
	switch n := m.IntN(100); {
	case n < 4:
		d.Own, d.Card = unnamed(one(m, "N/A", "-")), text{}
	case n < 8:
		digits := one(m, m.numbers...)
		d.Own, d.Number, d.Card = numbered(digits, "+"+digits), text{}, text{}
	}
	if n := m.IntN(3); n < 2 {
		group := n == 1
		d.GroupSIM = &group
	}
}

// number returns a number as a system writes it: a possible one, a local one or a text that names nothing.
func (m *maker) number(source db.Source) text {
	switch n := m.IntN(100); {
	case n < 6:
		return localText(one(m, locals[source]...))
	case n < 11:
		return unnamed(one(m, unnamedNumbers...))
	}
	return m.spell(one(m, m.numbers...), source)
}

func (m *maker) spell(digits string, source db.Source) text {
	return numbered(digits, one(m, spellings[digits][source]...))
}

// parties returns the related parties of a brm record, in any order.
func (m *maker) parties() []party {
	list := m.customerParties()
	if m.chance(20) {
		list = append(list, party{Role: "salesAgent", ID: unnamed(one(m, "agent-9", one(m, m.customers[db.BRM]...))), Name: "Agent Nine"})
	}
	if m.chance(75) {
		list = append(list, m.numberParty())
		if m.chance(12) {
			list = append(list, m.numberParty())
		}
	} else if m.chance(30) {
		list = append(list, party{Role: one(m, "service", "line"), ID: cardText(one(m, cards...))})
	}
	if m.chance(45) {
		list = append(list, party{Role: one(m, lineRoles[1:]...), ID: ownID(one(m, "sub-1", "sub-1", "sub-2"))})
	}
	m.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// customerParties returns none, one, or parties of several ranks or of one.
func (m *maker) customerParties() []party {
	ids := m.customers[db.BRM]
	id, other := one(m, ids...), one(m, ids...)
	rank := m.IntN(len(customerRoles))
	first := party{customerRoles[rank], unnamed(id), one(m, "", "Acme", "Acme Ltd")}
	switch n := m.IntN(100); {
	case n < 20:
		return nil
	case n < 42 && id != other:
		return []party{first, {Role: customerRoles[rank], ID: unnamed(other)}}
	case n < 58 && rank > 0:
		return []party{first, {Role: customerRoles[m.IntN(rank)], ID: unnamed(other), Name: "Higher"}}
	}
	return []party{first}
}

// numberParty returns a party that is a number. A local number, or one that names nothing, stands where a number is
// wanted.
func (m *maker) numberParty() party {
	number := m.number(db.BRM)
	if number.means != possible {
		return party{Role: "msisdn", ID: number}
	}
	if m.chance(30) {
		return party{Role: "msisdn", ID: numbered(number.value, number.value)}
	}
	return party{Role: one(m, lineRoles...), ID: number}
}
