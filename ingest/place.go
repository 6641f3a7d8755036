package ingest

import (
	"slices"

	"usagegraph/db"
)

// place sets the customer and the subscription of the records that name their customers. It notes the effects on
// numbers and cards, on other records and on the attributes of subscriptions.
func (ids *identities) place(claims []*claim) {
	for _, c := range claims {
		if c.Customer != nil {
			c.customer = ids.customer(c)
		}
	}
	for _, c := range claims {
		// Records with an own id come first: the placement of those with a number alone depends on them.
		if c.namesCustomer() && c.ownID() != "" {
			ids.placeOwn(c)
		}
	}
	for _, c := range claims {
		if c.namesCustomer() && c.ownID() == "" {
			ids.placeByName(c)
		}
	}
	for _, c := range claims {
		ids.notePrevious(c)
		if c.namesCustomer() {
			ids.noteEvidence(c)
			ids.noteAttributes(c)
		}
	}
}

// placeOwn places a record in the subscription of its own id.
func (ids *identities) placeOwn(c *claim) {
	key := ids.ownSubscription(c.customer, c.ownID())
	c.owner = ownerOf(key)
	if c.sameClaim() || c.Scoped {
		return
	}
	for _, n := range c.Names() {
		if slices.Contains(ids.claimants[n], key) {
			continue // claimed by another record of the batch
		}
		before := ids.subscriptionsWithOwnID(c.customer, n)
		ids.claim(n, key)
		byNumber := ids.subscriptionByName(c.customer, n)
		if byNumber != (db.Key{}) || len(before) > 1 || len(before) == 1 && before[0] != key {
			ids.pairsToPlace[pair{c.customer, n}] = true
		}
	}
}

// placeByName places a record in the customer's subscription that had its number or card nearest in time. If there are
// several candidates it chooses any of them, and placeStored places the record again.
func (ids *identities) placeByName(c *claim) {
	n := primaryName(c.Claim)
	switch {
	case n == "":
		c.owner = db.Owner{CustomerID: c.customer}
		return
	case c.sameClaim():
		c.owner = ownerOf(subscriptionKey(db.Owner{CustomerID: c.old.CustomerID, SubscriptionID: c.old.SubscriptionID}))
		return
	}
	p := pair{c.customer, n}
	owner, known := ids.placedByName[p]
	if !known {
		owner = ids.anyOwner(p)
		ids.placedByName[p] = owner
	}
	if !c.Scoped && c.CardName != nil && n != db.SubscriptionName(*c.CardName) {
		ids.claim(db.SubscriptionName(*c.CardName), owner)
	}
	c.owner = ownerOf(owner)
}

// anyOwner returns a subscription of a customer that a number or card may name: one with an own id, or else the one
// named by it alone, which is created if missing.
func (ids *identities) anyOwner(p pair) db.Key {
	owners := ids.subscriptionsWithOwnID(p.customer, p.name)
	if len(owners) > 1 {
		ids.pairsToPlace[p] = true
	}
	var owner db.Key
	if len(owners) > 0 {
		owner = owners[0]
	} else if owner = ids.subscriptionByName(p.customer, p.name); owner == (db.Key{}) {
		owner = ids.addSubscription(p.customer, db.ServiceSubscription{SubscriptionName: p.name.Stored()})
	}
	ids.claim(p.name, owner)
	return owner
}

// notePrevious notes the effects of removing the stored version of a record.
func (ids *identities) notePrevious(c *claim) {
	if c.old == nil {
		return
	}
	before := db.Key{CustomerID: c.old.CustomerID}
	if c.old.SubscriptionID != nil {
		before.ID = *c.old.SubscriptionID
		ids.refresh[before] = true
		ids.losingSubscriptions[before] = true
	}
	ids.losingCustomers[before.CustomerID] = true
	ids.renamed[before.CustomerID] = true
	if c.sameClaim() || c.old.SourceCustomerID == nil {
		return
	}
	if c.old.Scoped {
		ids.scopedNames[before] = true
		return
	}
	ids.changedEvidence[before] = true
	for _, n := range c.old.Names() {
		ids.rereadNames[n] = true
		ids.claim(n, before)
		if c.old.OwnID != nil {
			ids.pairsToPlace[pair{before.CustomerID, n}] = true
		}
	}
}

// noteEvidence notes the evidence of a record.
func (ids *identities) noteEvidence(c *claim) {
	k := subscriptionKey(c.owner)
	if c.sameClaim() || k.ID == 0 {
		return
	}
	if c.Scoped {
		ids.scopedNames[k] = true
		return
	}
	ids.changedEvidence[k] = true
	for _, n := range c.Names() {
		ids.addedEvidence[n] = append(ids.addedEvidence[n], c)
	}
}

// claim notes that a subscription may have evidence for a name.
func (ids *identities) claim(n db.SubscriptionName, k db.Key) {
	if !slices.Contains(ids.claimants[n], k) {
		ids.claimants[n] = append(ids.claimants[n], k)
	}
}

// claimantsOf returns the subscriptions that may have evidence for a name.
func (ids *identities) claimantsOf(n db.SubscriptionName) []db.Key {
	var keys []db.Key
	for _, r := range ids.identifiers[n] {
		if r.CustomerID != 0 {
			keys = append(keys, r.Owner())
		}
	}
	keys = append(keys, ids.claimants[n]...)
	slices.SortFunc(keys, compareKeys)
	return slices.Compact(keys)
}

// subscriptionsWithOwnID returns the subscriptions of a customer that have an own id and may have evidence for a name,
// in the order of their keys.
func (ids *identities) subscriptionsWithOwnID(customer int64, n db.SubscriptionName) []db.Key {
	var keys []db.Key
	add := func(k db.Key) {
		if k.CustomerID != customer {
			return
		}
		if sub := ids.subscriptions[k]; sub != nil && sub.SubscriptionName == nil && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, r := range ids.identifiers[n] {
		if r.ValidFrom != nil { // otherwise its records are no evidence
			add(r.Owner())
		}
	}
	for _, k := range ids.claimants[n] {
		add(k)
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// subscriptionByName returns the customer's subscription that has no own id and is named by a number or card; the zero
// key if there is none. Customer 0 has the subscriptions of unattributed documents.
func (ids *identities) subscriptionByName(customer int64, n db.SubscriptionName) db.Key {
	matches := func(k db.Key) bool {
		if k.CustomerID != customer {
			return false
		}
		sub := ids.subscriptions[k]
		return sub != nil && sub.SubscriptionName != nil && *sub.SubscriptionName == string(n)
	}
	for _, r := range ids.identifiers[n] {
		if matches(r.Owner()) {
			return r.Owner()
		}
	}
	for _, k := range ids.claimants[n] {
		if matches(k) {
			return k
		}
	}
	return db.Key{}
}
