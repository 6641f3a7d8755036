package ingest

import (
	"context"
	"time"

	"usagegraph/db"
)

// loadAssignments reads all assignments. People make them by hand, so there are few.
func (ids *identities) loadAssignments(ctx context.Context) error {
	all, err := ids.tx.Assignments(ctx)
	ids.assigned, ids.assignedIDs = map[db.SubscriptionName][]*db.AssignedName{}, map[db.SourceID][]*db.AssignedName{}
	for _, a := range all {
		if n := a.Name(); n != "" {
			ids.assigned[n] = append(ids.assigned[n], a)
			continue
		}
		own := db.SourceID{Source: a.NameSource, Value: a.Value}
		ids.assignedIDs[own] = append(ids.assignedIDs[own], a)
	}
	return err
}

// assignedEvidence returns the assignments of a number or card as evidence. The evidence is for the customer's
// subscription with an own id whose evidence is nearest in time. If there is none, it is for the subscription named by
// the number or card alone, which is created if missing.
func (ids *identities) assignedEvidence(n db.SubscriptionName, evidence []db.NamedEvidence) []db.Evidence {
	var list []db.Evidence
	for _, a := range ids.assigned[n] {
		var own []db.Evidence
		for _, e := range evidence {
			if e.Own && e.CustomerID == a.CustomerID {
				own = append(own, e.Evidence())
			}
		}
		sub := ids.nearest(own, a.Start.Time, a.End.Time)
		if sub == (db.Key{}) {
			sub = ids.subscriptionByName(a.CustomerID, n)
		}
		if sub == (db.Key{}) {
			sub = ids.addSubscription(a.CustomerID, db.ServiceSubscription{Source: a.CustomerSource, SourceID: n.Value(), SubscriptionName: n.Stored()})
			ids.claim(n, sub)
		}
		list = append(list, db.Evidence{Subscription: sub, Start: a.Start.Time, End: a.End.Time, Assigned: true})
	}
	return list
}

// noteAssigned marks the subscriptions that gained or lost an assignment, so that finish refreshes them and deletes
// those without records.
func (ids *identities) noteAssigned(holdings ...[]db.Holding) {
	for _, list := range holdings {
		for _, h := range list {
			if h.Assigned {
				k := h.Subscriptions[0]
				ids.refresh[k], ids.losingSubscriptions[k], ids.changedEvidence[k] = true, true, true
				ids.losingCustomers[k.CustomerID] = true
			}
		}
	}
}

// assignedOwner returns the owner of a document whose own id is assigned at its time; false if it is not assigned then.
func (ids *identities) assignedOwner(id db.SourceID, at time.Time) (db.Owner, bool) {
	for _, a := range ids.assignedIDs[id] {
		if a.Covers(at) {
			sub := ids.ownSubscription(a.CustomerID, id.Value)
			if ids.newSubscriptions[sub] != nil {
				ids.refresh[sub] = true
			}
			owner := ownerOf(sub)
			owner.Attribution = new(db.Assigned)
			return owner, true
		}
	}
	return db.Owner{}, false
}

// ownIDOwner returns the owner of a document that names no customer and identifies its subscription by an own id alone.
func (ids *identities) ownIDOwner(id db.SourceID, at time.Time) db.Owner {
	if owner, assigned := ids.assignedOwner(id, at); assigned {
		return owner
	}
	owner := unattributed(db.OwnIDOnly)
	sub := ids.ownSubscription(0, id.Value)
	owner.SubscriptionID = &sub.ID
	return owner
}

// attributeOwnID attributes the stored documents again that name no customer and identify their subscription by this
// own id alone.
func (ids *identities) attributeOwnID(ctx context.Context, id db.SourceID) error {
	ids.source, ids.byOwnID = id.Source, map[string][]db.Key{}
	if err := ids.loadOwn(ctx, id.Source, []string{id.Value}); err != nil {
		return err
	}
	documents, err := ids.tx.UnownedByOwnID(ctx, id)
	if err != nil {
		return err
	}
	// The global id of the customer's subscription depends on all its assignments, also on those without documents.
	for _, sub := range ids.byOwnID[id.Value] {
		if sub.CustomerID != 0 {
			ids.refresh[sub] = true
		}
	}
	return ids.move(ctx, documents, func(d db.UnownedDocument) (db.Owner, error) { return ids.ownIDOwner(id, d.At.Time), nil })
}
