package lawtest_test

import "usagegraph/db"

// elevate sets the customer and the serviceId of a record.
func (g *generator) elevate(d *document) {
	if !g.chance(22) {
		d.Customer = oneOf(g, g.customers[db.Elevate]...)
	}
	switch n := g.IntN(100); {
	case n < 78:
		d.Number = g.number(db.Elevate)
	case n < 90:
		d.Own = ownID(oneOf(g, "CKT-A", "CKT-B"))
	case n < 97:
		d.Card = cardText(oneOf(g, cards...))
	}
}

// stn sets the customer and the names of a summary. A subscriptionId that is a placeholder or a number is not an own
// id.
func (g *generator) stn(d *document) {
	d.Customer, d.Own, d.ProviderGroup = oneOf(g, g.customers[db.STN]...), ownID(oneOf(g, "s1", "s1", "s2", "s3")), oneOf(g, "", "KPN", "TELE2")
	if g.chance(85) {
		d.Number = g.number(db.STN)
	}
	switch n := g.IntN(100); {
	case n < 40:
		d.Card = cardText(oneOf(g, cards...))
	case n < 50:
		d.Card = unnamed(oneOf(g, unnamedCards...))
	}
	switch n := g.IntN(100); {
	case n < 4:
		d.Own, d.Card = unnamed(oneOf(g, "N/A", "-")), text{}
	case n < 8:
		digits := oneOf(g, g.numbers...)
		d.Own, d.Number, d.Card = numbered(digits, "+"+digits), text{}, text{}
	}
	if n := g.IntN(3); n < 2 {
		group := n == 1
		d.GroupSIM = &group
	}
}

// number returns a number in a spelling of a system: a possible one, a local one, or a text that names nothing.
func (g *generator) number(source db.Source) text {
	switch n := g.IntN(100); {
	case n < 6:
		return localText(oneOf(g, locals[source]...))
	case n < 11:
		return unnamed(oneOf(g, unnamedNumbers...))
	}
	return g.spell(oneOf(g, g.numbers...), source)
}

func (g *generator) spell(digits string, source db.Source) text {
	return numbered(digits, oneOf(g, spellings[digits][source]...))
}

// parties returns the related parties of a brm record in random order.
func (g *generator) parties() []party {
	list := g.customerParties()
	if g.chance(20) {
		list = append(list, party{Role: "salesAgent", ID: unnamed(oneOf(g, "agent-9", oneOf(g, g.customers[db.BRM]...))), Name: "Agent Nine"})
	}
	if g.chance(75) {
		list = append(list, g.numberParty())
		if g.chance(12) {
			list = append(list, g.numberParty())
		}
	} else if g.chance(30) {
		list = append(list, party{Role: oneOf(g, "service", "line"), ID: cardText(oneOf(g, cards...))})
	}
	if g.chance(45) {
		list = append(list, party{Role: oneOf(g, subscriptionRoles[1:]...), ID: ownID(oneOf(g, "sub-1", "sub-1", "sub-2"))})
	}
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// customerParties returns no party, one, or two of one rank or of different ranks.
func (g *generator) customerParties() []party {
	ids := g.customers[db.BRM]
	id, other := oneOf(g, ids...), oneOf(g, ids...)
	rank := g.IntN(len(customerRoles))
	first := party{customerRoles[rank], unnamed(id), oneOf(g, "", "Acme", "Acme Ltd")}
	switch n := g.IntN(100); {
	case n < 20:
		return nil
	case n < 42 && id != other:
		return []party{first, {Role: customerRoles[rank], ID: unnamed(other)}}
	case n < 58 && rank > 0:
		return []party{first, {Role: customerRoles[g.IntN(rank)], ID: unnamed(other), Name: "Higher"}}
	}
	return []party{first}
}

// numberParty returns a party with a number. A local number, or a text that names nothing, has the role msisdn.
func (g *generator) numberParty() party {
	number := g.number(db.BRM)
	if number.means != possible {
		return party{Role: "msisdn", ID: number}
	}
	if g.chance(30) {
		return party{Role: "msisdn", ID: numbered(number.value, number.value)}
	}
	return party{Role: oneOf(g, subscriptionRoles...), ID: number}
}
