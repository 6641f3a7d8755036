package ingest

import "usagegraph/db"

// customer returns the id of the customer that a record names. It notes a customer that is new.
func (ids *identities) customer(c *claim) int64 {
	known := ids.customers[c.Customer.ID]
	if known == nil {
		known = &db.Customer{CustomerID: ids.tx.NextID(), Source: ids.source, SourceID: c.Customer.ID}
		ids.customers[c.Customer.ID] = known
		ids.newCustomers[known.CustomerID] = &latestName{customer: known}
	}
	if c.Customer.Name == nil {
		return known.CustomerID
	}
	if latest := ids.newCustomers[known.CustomerID]; latest != nil {
		latest.take(c)
	} else if known.Name == nil || *known.Name != *c.Customer.Name {
		ids.renamed[known.CustomerID] = true
	}
	return known.CustomerID
}

// latestName is a new customer, with the time of the record that its name comes from: the latest with a name.
type latestName struct {
	customer *db.Customer
	at       recordTime
}

func (l *latestName) take(c *claim) {
	if l.customer.Name == nil || c.recordTime().after(l.at) {
		l.customer.Name, l.at = c.Customer.Name, c.recordTime()
	}
}

// ownSubscription returns the customer's subscription with an own id, which is created if missing. Customer 0 has the
// subscriptions of unattributed documents.
func (ids *identities) ownSubscription(customer int64, own string) db.Key {
	for _, k := range ids.byOwnID[own] {
		if k.CustomerID == customer {
			return k
		}
	}
	k := ids.addSubscription(customer, db.ServiceSubscription{Source: ids.source, SourceID: own})
	ids.byOwnID[own] = append(ids.byOwnID[own], k)
	ids.newIdentifiers = append(ids.newIdentifiers, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: ids.source, Value: own,
		CustomerID: customer, SubscriptionID: k.ID})
	return k
}

// unattributedSubscription returns the subscription of the unattributed documents with a number or card, which is
// created if missing.
func (ids *identities) unattributedSubscription(n db.SubscriptionName) db.Key {
	if k := ids.subscriptionByName(0, n); k != (db.Key{}) {
		return k
	}
	k := ids.addSubscription(0, db.ServiceSubscription{SubscriptionName: n.Stored()})
	row := &db.SubscriptionIdentifier{Kind: n.Kind(), SourceName: n.Source(), Value: n.Value(), SubscriptionID: k.ID}
	ids.identifiers[n] = append(ids.identifiers[n], row)
	ids.newIdentifiers = append(ids.newIdentifiers, row)
	return k
}

func (ids *identities) addSubscription(customer int64, sub db.ServiceSubscription) db.Key {
	sub.Key = db.Key{CustomerID: customer, ID: ids.tx.NextID()}
	ids.subscriptions[sub.Key], ids.newSubscriptions[sub.Key] = &sub, &sub
	return sub.Key
}

// latestAttributes holds, for a new subscription, the time of the record that each attribute comes from: the latest in
// the batch that has the attribute.
type latestAttributes struct {
	phone, card, group, groupSim, business recordTime
	named                                  bool
}

// noteAttributes compares the attributes in a record with those of its subscription. A new subscription takes those of
// its latest record. A stored one with other attributes is marked for a refresh from all of its records.
func (ids *identities) noteAttributes(c *claim) {
	k := subscriptionKey(c.owner)
	sub := ids.subscriptions[k]
	if sub == nil || c.Subscription == nil || ids.refresh[k] {
		return
	}
	isNew := ids.newSubscriptions[k] != nil
	from := &latestAttributes{}
	if isNew {
		from = ids.latestOf(k)
	}
	differs, now := false, c.recordTime()
	// A summary has both texts. In other records only the one that names the subscription counts.
	phone, card := c.Subscription.PhoneNumber, c.Subscription.SimCardNumber
	if c.Summary != nil {
		phone, card = nonEmpty(c.Summary.PhoneNumber), nonEmpty(c.Summary.SimCardNumber)
		if phone == nil && c.OwnID == nil && c.NumberName != nil {
			phone = c.Summary.SourceSubscriptionID
		}
		if card == nil && c.OwnID == nil && c.CardName != nil {
			card = c.Summary.SourceSubscriptionID
		}
	} else {
		if kind := primaryName(c.Claim).Kind(); primaryName(c.Claim) == "" || kind == db.SIM {
			phone = nil
		} else {
			card = nil
		}
	}
	if c.namesCustomer() || k.CustomerID == 0 {
		differs = keepLatest(&sub.PhoneNumber, phone, &from.phone, now, isNew) || differs
		differs = keepLatest(&sub.SimCardNumber, card, &from.card, now, isNew) || differs
	}
	differs = keepLatest(&sub.ProviderGroup, c.Subscription.ProviderGroup, &from.group, now, isNew) || differs
	differs = keepLatest(&sub.IsGroupSim, c.Subscription.IsGroupSim, &from.groupSim, now, isNew) || differs
	differs = keepLatest(&sub.BusinessID, c.Subscription.BusinessID, &from.business, now, isNew) || differs
	if sub.SubscriptionName != nil && (c.namesCustomer() || k.CustomerID == 0) {
		differs = ids.nameSubscription(sub, from, c, phone, card, isNew) || differs
	}
	if c.namesCustomer() {
		differs = ids.nameCustomerOf(sub, c, isNew) || differs
	}
	if differs {
		ids.refresh[k] = true
	}
}

// latestOf returns the origins of the attributes of a new subscription.
func (ids *identities) latestOf(k db.Key) *latestAttributes {
	if ids.attributes[k] == nil {
		ids.attributes[k] = &latestAttributes{}
	}
	return ids.attributes[k]
}

// keepLatest stores a value in a new subscription if it is later than the present one. For a stored subscription it
// reports whether the value differs.
func keepLatest[T comparable](to **T, value *T, before *recordTime, now recordTime, isNew bool) (differs bool) {
	switch {
	case value == nil:
		return false
	case !isNew:
		return *to == nil || **to != *value
	case *to == nil || now.after(*before):
		*to, *before = value, now
	}
	return false
}

// nonEmpty returns text, or nil if it is empty.
func nonEmpty(text *string) *string {
	if text != nil && *text == "" {
		return nil
	}
	return text
}

// nameSubscription sets the id of a subscription without an own id to the least of its names, by system and text. For a
// stored subscription it reports whether the record has a lesser name.
func (ids *identities) nameSubscription(sub *db.ServiceSubscription, from *latestAttributes, c *claim, phone, card *string, isNew bool) (differs bool) {
	text := phone
	if primaryName(c.Claim).Kind() == db.SIM {
		text = card
	}
	if text == nil && c.Summary != nil {
		text = c.Summary.SourceSubscriptionID
	}
	if text == nil {
		return false
	}
	least := !from.named && isNew || ids.source < sub.Source || ids.source == sub.Source && *text < sub.SourceID
	if least && isNew {
		sub.Source, sub.SourceID, from.named = ids.source, *text, true
	}
	return least && !isNew
}

// nameCustomerOf stores in a new subscription the least id of its customer, by system and text. Only records count that
// identify the subscription as its id does: by its own id or, without one, by its number or card. For a stored
// subscription it reports whether the id in the record is less.
func (ids *identities) nameCustomerOf(sub *db.ServiceSubscription, c *claim, isNew bool) (differs bool) {
	if sub.SubscriptionName == nil && (ids.source != sub.Source || c.ownID() != sub.SourceID) {
		return false
	}
	// nameSubscription gives a subscription without an own id its least source.
	if sub.SubscriptionName != nil && ids.source != sub.Source || sub.SourceCustomerID != nil && sub.CustomerSource == nil && *sub.SourceCustomerID <= c.Customer.ID {
		return false
	}
	if isNew {
		sub.SourceCustomerID = &c.Customer.ID
	}
	return !isNew
}
