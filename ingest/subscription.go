package ingest

import (
	"context"
	"slices"

	"usagegraph/db"
)

// customer returns the id of the customer that a record names, and stores one that is new.
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

// latestName is a new customer. Its name comes from the latest record that has one.
type latestName struct {
	customer *db.Customer
	at       at
}

func (l *latestName) take(c *claim) {
	if l.customer.Name == nil || c.at().after(l.at) {
		l.customer.Name, l.at = c.Customer.Name, c.at()
	}
}

// ownLine returns the customer's subscription of an own id, or the line of unattributed documents of customer 0.
func (ids *identities) ownLine(customer int64, own string) db.Key {
	for _, k := range ids.own[own] {
		if k.CustomerID == customer {
			return k
		}
	}
	k := ids.addLine(customer, db.ServiceSubscription{Source: ids.source, SourceID: own})
	ids.own[own] = append(ids.own[own], k)
	ids.newIdentifiers = append(ids.newIdentifiers, &db.SubscriptionIdentifier{Kind: db.SourceOwnID, SourceName: ids.source, Value: own,
		CustomerID: customer, SubscriptionID: k.ID})
	return k
}

// unattributedLine returns the line of the unattributed documents by a number or card.
func (ids *identities) unattributedLine(n db.SubscriptionName) db.Key {
	if k := ids.numberLine(0, n); k != (db.Key{}) {
		return k
	}
	k := ids.addLine(0, db.ServiceSubscription{SubscriptionName: n.Stored()})
	row := &db.SubscriptionIdentifier{Kind: n.Kind(), SourceName: n.Source(), Value: n.Value(), SubscriptionID: k.ID}
	ids.rows[n] = append(ids.rows[n], row)
	ids.newIdentifiers = append(ids.newIdentifiers, row)
	return k
}

func (ids *identities) addLine(customer int64, line db.ServiceSubscription) db.Key {
	line.Key = db.Key{CustomerID: customer, ID: ids.tx.NextID()}
	ids.lines[line.Key], ids.newLines[line.Key] = &line, &line
	return line.Key
}

// latestAttributes holds, for a new subscription, the record of the batch from which each attribute comes: the latest that has it.
type latestAttributes struct {
	phone, card, group, groupSim, business at
	named                                  bool
}

// noteAttributes compares the attributes in a record with those of its subscription. A new subscription takes those of its latest
// record; a stored one with other attributes is refreshed from all of its records.
func (ids *identities) noteAttributes(c *claim) {
	k := key(c.owner)
	line := ids.lines[k]
	if line == nil || c.Subscription == nil || ids.refresh[k] {
		return
	}
	isNew := ids.newLines[k] != nil
	has := &latestAttributes{}
	if isNew {
		has = ids.latestOf(k)
	}
	differs, now := false, c.at()
	// Of a line by its number or card, the text that names it; a summary shows all that it has.
	phone, card := c.Subscription.PhoneNumber, c.Subscription.SimCardNumber
	if c.Summary != nil {
		phone, card = given(c.Summary.PhoneNumber), given(c.Summary.SimCardNumber)
		if phone == nil && c.OwnID == nil && c.NumberName != nil {
			phone = c.Summary.SourceSubscriptionID
		}
		if card == nil && c.OwnID == nil && c.CardName != nil {
			card = c.Summary.SourceSubscriptionID
		}
	} else {
		if kind := name(c.Claim).Kind(); name(c.Claim) == "" || kind == db.SIM {
			phone = nil
		} else {
			card = nil
		}
	}
	if c.named() || k.CustomerID == 0 {
		differs = latest(&line.PhoneNumber, phone, &has.phone, now, isNew) || differs
		differs = latest(&line.SimCardNumber, card, &has.card, now, isNew) || differs
	}
	differs = latest(&line.ProviderGroup, c.Subscription.ProviderGroup, &has.group, now, isNew) || differs
	differs = latest(&line.IsGroupSim, c.Subscription.IsGroupSim, &has.groupSim, now, isNew) || differs
	differs = latest(&line.BusinessID, c.Subscription.BusinessID, &has.business, now, isNew) || differs
	if line.SubscriptionName != nil && (c.named() || k.CustomerID == 0) {
		differs = ids.nameLine(line, has, c, phone, card, isNew) || differs
	}
	if c.named() {
		differs = ids.nameCustomerOf(line, c, isNew) || differs
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

// latest stores a value in a new subscription if it is the latest. For a stored subscription it reports whether the value
// differs.
func latest[T comparable](to **T, value *T, before *at, now at, isNew bool) (differs bool) {
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

// given returns a text that is not empty; else nil.
func given(text *string) *string {
	if text != nil && *text == "" {
		return nil
	}
	return text
}

// nameLine names a subscription without an own id by the least of its names, by system and text.
func (ids *identities) nameLine(line *db.ServiceSubscription, has *latestAttributes, c *claim, phone, card *string, isNew bool) (differs bool) {
	text := phone
	if name(c.Claim).Kind() == db.SIM {
		text = card
	}
	if text == nil && c.Summary != nil {
		text = c.Summary.SourceSubscriptionID
	}
	if text == nil {
		return false
	}
	least := !has.named && isNew || ids.source < line.Source || ids.source == line.Source && *text < line.SourceID
	if least && isNew {
		line.Source, line.SourceID, has.named = ids.source, *text, true
	}
	return least && !isNew
}

// nameCustomerOf stores in a new subscription the least id of its customer, by system and text, among the records that
// name the subscription as its id does: by its own id or, where it has none, by its number or card. For a stored
// subscription it reports whether the id of the record is less.
func (ids *identities) nameCustomerOf(line *db.ServiceSubscription, c *claim, isNew bool) (differs bool) {
	if line.SubscriptionName == nil && (ids.source != line.Source || c.ownID() != line.SourceID) {
		return false
	}
	// A subscription without an own id has the least source by nameLine.
	if line.SubscriptionName != nil && ids.source != line.Source || line.SourceCustomerID != nil && line.CustomerSource == nil && *line.SourceCustomerID <= c.Customer.ID {
		return false
	}
	if isNew {
		line.SourceCustomerID = &c.Customer.ID
	}
	return !isNew
}

// finish stores the new customers and subscriptions of the batch, refreshes the attributes of others, and deletes those
// that have no records any more.
func (ids *identities) finish(ctx context.Context) error {
	var customers []*db.Customer
	for _, l := range ids.newCustomers {
		customers = append(customers, l.customer)
	}
	if err := ids.tx.AddCustomers(ctx, sortedBy(customers, func(c *db.Customer) int64 { return c.CustomerID })); err != nil {
		return err
	}
	var lines []*db.ServiceSubscription
	for _, l := range ids.newLines {
		lines = append(lines, l)
	}
	if err := ids.tx.AddSubscriptions(ctx, sortedBy(lines, func(l *db.ServiceSubscription) int64 { return l.ID })); err != nil {
		return err
	}
	if err := ids.tx.AddIdentifiers(ctx, ids.newIdentifiers); err != nil {
		return err
	}
	gone, err := ids.tx.DropEmptySubscriptions(ctx, keysOf(ids.lost))
	if err != nil {
		return err
	}
	for _, k := range gone {
		delete(ids.refresh, k)
	}
	if err := ids.tx.RefreshSubscriptions(ctx, keysOf(ids.refresh)); err != nil {
		return err
	}
	if err := ids.tx.RenameCustomers(ctx, idsOf(ids.renamed)); err != nil {
		return err
	}
	if err := ids.tx.DropEmptyCustomers(ctx, idsOf(ids.left)); err != nil {
		return err
	}
	if len(ids.lost)+len(ids.refresh)+len(ids.renamed)+len(ids.left) > 0 {
		// The cache no longer equals the database.
		ids.forget()
	}
	return nil
}

func sortedBy[T any](list []T, id func(T) int64) []T {
	slices.SortFunc(list, func(a, b T) int { return int(min(max(id(a)-id(b), -1), 1)) })
	return list
}

func idsOf(set map[int64]bool) []int64 {
	list := make([]int64, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}
