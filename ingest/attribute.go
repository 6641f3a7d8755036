package ingest

import (
	"context"
	"time"

	"usagegraph/db"
)

// attribute determines the owners of documents that name no customer: those in the batch, and stored ones whose numbers
// or cards have changed holdings. since maps each changed name to the time from which its holdings differ.
func (ids *identities) attribute(ctx context.Context, claims []*claim, since map[db.SubscriptionName]time.Time) error {
	var unowned []*claim
	var names []db.SubscriptionName
	for _, c := range claims {
		if !c.namesCustomer() {
			unowned = append(unowned, c)
			names = append(names, c.Names()...)
		}
	}
	stored, err := ids.tx.HasUnownedDocuments(ctx)
	if err != nil || !stored && len(unowned) == 0 {
		return err
	}
	if stored {
		if err := ids.otherNames(ctx, since); err != nil {
			return err
		}
	}
	for n := range since {
		names = append(names, n)
	}
	if err := ids.loadNames(ctx, names); err != nil {
		return err
	}
	a := &attributor{ids: ids, holdings: map[db.SubscriptionName][]db.Holding{}, closings: map[closingKey]time.Time{}}
	if stored {
		if err := a.attributeStored(ctx, since); err != nil {
			return err
		}
	}
	for _, c := range unowned {
		if err := a.attributeRecord(ctx, c); err != nil {
			return err
		}
		c.setOwner()
		ids.noteAttributes(c)
	}
	return nil
}

// otherNames adds to since the other numbers and cards of the subscriptions with changed evidence: a record with a new
// number closes the attribution window of the old one.
func (ids *identities) otherNames(ctx context.Context, since map[db.SubscriptionName]time.Time) error {
	rows, err := ids.tx.IdentifiersOf(ctx, keysOf(ids.changedEvidence))
	if err != nil {
		return err
	}
	names := map[db.Key]map[db.SubscriptionName]bool{}
	for _, r := range rows {
		if n := r.Name(); n != "" {
			if names[r.Owner()] == nil {
				names[r.Owner()] = map[db.SubscriptionName]bool{}
			}
			names[r.Owner()][n] = true
		}
	}
	for _, r := range rows {
		// Removed evidence can reopen a window, even for a subscription with one name.
		if r.LastStart == nil || len(names[r.Owner()]) < 2 && !ids.losingSubscriptions[r.Owner()] {
			continue
		}
		// A window opens only after the last certain instant of a holding.
		if from, known := since[r.Name()]; !known || r.LastStart.Before(from) {
			since[r.Name()] = r.LastStart.Time
		}
	}
	return nil
}

// attributor attributes the documents of one transaction. It caches holdings and the ends of their attribution windows.
type attributor struct {
	ids      *identities
	holdings map[db.SubscriptionName][]db.Holding
	closings map[closingKey]time.Time
}

// closingKey identifies a holding by its name and its start in microseconds since 1970.
type closingKey struct {
	name  db.SubscriptionName
	start int64
}

// owner returns the owner of a document that names a number or card at a time.
func (a *attributor) owner(ctx context.Context, n db.SubscriptionName, at time.Time) (db.Owner, error) {
	holdings, known := a.holdings[n]
	if !known {
		holdings = db.HoldingsOf(a.ids.identifiers[n])
		a.holdings[n] = holdings
	}
	o, err := db.Attribute(holdings, at, a.ids.tx.AttributionWindow(), func(h db.Holding) (time.Time, error) {
		k := closingKey{n, h.Start.UnixMicro()}
		if closed, known := a.closings[k]; known {
			return closed, nil
		}
		closed, err := a.ids.tx.ClosedAt(ctx, n, h)
		a.closings[k] = closed
		return closed, err
	})
	if err == nil && o.CustomerID == 0 {
		sub := a.ids.unattributedSubscription(n)
		o.SubscriptionID = &sub.ID
	}
	return o, err
}

// attributeRecord sets the owner of a document in the batch.
func (a *attributor) attributeRecord(ctx context.Context, c *claim) (err error) {
	n := primaryName(c.Claim)
	switch {
	case c.Contested != nil:
		c.owner = unattributed(db.SeveralCustomers)
	case n != "":
		c.owner, err = a.owner(ctx, n, c.Start.Time)
	case c.ownID() != "":
		c.owner = a.ids.ownIDOwner(db.SourceID{Source: a.ids.source, Value: c.ownID()}, c.Start.Time)
	default:
		c.owner = unattributed(db.NoSubscription)
	}
	return err
}

func unattributed(why db.UnattributedReason) db.Owner { return db.Owner{Unattributed: &why} }

// attributeStored attributes stored documents again and moves those whose owner changed.
func (a *attributor) attributeStored(ctx context.Context, since map[db.SubscriptionName]time.Time) error {
	var names []db.SinceWhen
	for n, from := range since {
		names = append(names, db.SinceWhen{Name: n, Since: db.TimeOf(from)})
	}
	documents, err := a.ids.tx.UnownedDocuments(ctx, names)
	if err != nil {
		return err
	}
	return a.ids.move(ctx, documents, func(d db.UnownedDocument) (db.Owner, error) { return a.owner(ctx, d.Name, d.At.Time) })
}

// move changes the owner of each stored document to the result of ownerOf, where they differ.
func (ids *identities) move(ctx context.Context, documents []db.UnownedDocument, ownerOf func(db.UnownedDocument) (db.Owner, error)) error {
	var moves []db.Move
	for _, d := range documents {
		o, err := ownerOf(d)
		if err != nil {
			return err
		}
		before := db.Owner{CustomerID: d.CustomerID, SubscriptionID: d.SubscriptionID, Attribution: d.Attribution, Unattributed: d.Unattributed}
		if before.Same(o) {
			continue
		}
		same := subscriptionKey(before) == subscriptionKey(o)
		moves = append(moves, db.Move{Kind: d.Kind, From: db.Key{CustomerID: d.CustomerID, ID: d.ID}, Owner: o, SameOwner: same})
		if !same {
			ids.moved(subscriptionKey(before), subscriptionKey(o))
		}
		if before.CustomerID != o.CustomerID {
			ids.transfers[transfer{before.CustomerID, o.CustomerID}]++
		}
	}
	ids.reattributed += int64(len(moves))
	return ids.tx.MoveRecords(ctx, moves)
}
