package ingest

import (
	"slices"

	"usagegraph/db"
)

// place gives the records that name their customers a customer and a subscription, and records the effects on numbers and
// cards, on other records and on the attributes of subscriptions.
func (ids *identities) place(claims []*claim) {
	for _, c := range claims {
		if c.Customer != nil {
			c.customer = ids.customer(c)
		}
	}
	// Records with an own id first: those by a number alone follow them.
	for _, c := range claims {
		if c.named() && c.ownID() != "" {
			ids.placeOwn(c)
		}
	}
	for _, c := range claims {
		if c.named() && c.ownID() == "" {
			ids.placeByName(c)
		}
	}
	for _, c := range claims {
		ids.notePrevious(c)
		if c.named() {
			ids.noteEvidence(c)
			ids.noteAttributes(c)
		}
	}
}

// placeOwn gives a record to the subscription of its own id.
func (ids *identities) placeOwn(c *claim) {
	key := ids.ownLine(c.customer, c.ownID())
	c.owner = ownerOf(key)
	if c.settled() {
		return
	}
	for _, n := range c.Names() {
		if slices.Contains(ids.claimants[n], key) {
			continue // by another record of the batch
		}
		before := ids.linesWithOwnID(c.customer, n)
		ids.claim(n, key)
		byNumber := ids.numberLine(c.customer, n)
		if byNumber != (db.Key{}) || len(before) > 1 || len(before) == 1 && before[0] != key {
			ids.pairs[pair{c.customer, n}] = true
		}
	}
}

// placeByName gives a record to the customer's subscription that had its number or card nearest in time. Of several that
// may be it is any for now: the pair is placed again.
func (ids *identities) placeByName(c *claim) {
	n := name(c.Claim)
	switch {
	case n == "":
		c.owner = db.Owner{CustomerID: c.customer}
		return
	case c.settled():
		c.owner = ownerOf(key(db.Owner{CustomerID: c.old.CustomerID, SubscriptionID: c.old.SubscriptionID}))
		return
	}
	p := pair{c.customer, n}
	owner, known := ids.placed[p]
	if !known {
		owner = ids.anyOwner(p)
		ids.placed[p] = owner
	}
	if c.CardName != nil && n != db.SubscriptionName(*c.CardName) {
		ids.claim(db.SubscriptionName(*c.CardName), owner)
	}
	c.owner = ownerOf(owner)
}

// anyOwner returns a subscription of a customer that a number or card may name: one with an own id, else the one that is
// named by it alone, which is made where it is missing.
func (ids *identities) anyOwner(p pair) db.Key {
	owners := ids.linesWithOwnID(p.customer, p.name)
	if len(owners) > 1 {
		ids.pairs[p] = true
	}
	var owner db.Key
	if len(owners) > 0 {
		owner = owners[0]
	} else if owner = ids.numberLine(p.customer, p.name); owner == (db.Key{}) {
		owner = ids.addLine(p.customer, db.ServiceSubscription{SubscriptionName: p.name.Stored()})
	}
	ids.claim(p.name, owner)
	return owner
}

// notePrevious records the effects of removing the stored version of a record.
func (ids *identities) notePrevious(c *claim) {
	if c.old == nil {
		return
	}
	before := db.Key{CustomerID: c.old.CustomerID}
	if c.old.SubscriptionID != nil {
		before.ID = *c.old.SubscriptionID
		ids.refresh[before] = true
		ids.lost[before] = true
	}
	ids.left[before.CustomerID] = true
	ids.renamed[before.CustomerID] = true
	if c.settled() || c.old.SourceCustomerID == nil {
		return
	}
	ids.touched[before] = true
	for _, n := range c.old.Names() {
		ids.full[n] = true
		ids.claim(n, before)
		if c.old.OwnID != nil {
			ids.pairs[pair{before.CustomerID, n}] = true
		}
	}
}

// noteEvidence records the evidence of a record.
func (ids *identities) noteEvidence(c *claim) {
	k := key(c.owner)
	if c.settled() || k.ID == 0 {
		return
	}
	ids.touched[k] = true
	for _, n := range c.Names() {
		ids.added[n] = append(ids.added[n], c)
	}
}

// claim records that a subscription may have evidence for a name.
func (ids *identities) claim(n db.SubscriptionName, k db.Key) {
	if !slices.Contains(ids.claimants[n], k) {
		ids.claimants[n] = append(ids.claimants[n], k)
	}
}

// claimantsOf returns the subscriptions that may have evidence for a name.
func (ids *identities) claimantsOf(n db.SubscriptionName) []db.Key {
	var keys []db.Key
	for _, r := range ids.rows[n] {
		if r.CustomerID != 0 {
			keys = append(keys, r.Owner())
		}
	}
	keys = append(keys, ids.claimants[n]...)
	slices.SortFunc(keys, compareKeys)
	return slices.Compact(keys)
}

// linesWithOwnID returns the subscriptions of a customer that have an own id and may have evidence for a name, in order.
func (ids *identities) linesWithOwnID(customer int64, n db.SubscriptionName) []db.Key {
	var keys []db.Key
	add := func(k db.Key) {
		if k.CustomerID != customer {
			return
		}
		if line := ids.lines[k]; line != nil && line.SubscriptionName == nil && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, r := range ids.rows[n] {
		add(r.Owner())
	}
	for _, k := range ids.claimants[n] {
		add(k)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// numberLine returns the subscription of a customer, or the line of unattributed documents of customer 0, that has no own
// id and is named by a number or card; the zero key where there is none.
func (ids *identities) numberLine(customer int64, n db.SubscriptionName) db.Key {
	is := func(k db.Key) bool {
		if k.CustomerID != customer {
			return false
		}
		line := ids.lines[k]
		return line != nil && line.SubscriptionName != nil && *line.SubscriptionName == string(n)
	}
	for _, r := range ids.rows[n] {
		if is(r.Owner()) {
			return r.Owner()
		}
	}
	for _, k := range ids.claimants[n] {
		if is(k) {
			return k
		}
	}
	return db.Key{}
}
