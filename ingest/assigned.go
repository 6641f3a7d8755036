package ingest

import (
	"context"
	"time"

	"usagegraph/db"
)

// loadAssignments reads all assignments: there are as many as people made.
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

// assignedEvidence returns the assignments of a number or card as evidence of subscriptions: of the customer's subscription
// with an own id whose evidence is nearest, else of the one that is named by the number or card alone, which is made where
// it is missing.
func (ids *identities) assignedEvidence(n db.SubscriptionName, evidence []db.NamedEvidence) []db.Evidence {
	var list []db.Evidence
	for _, a := range ids.assigned[n] {
		var own []db.Evidence
		for _, e := range evidence {
			if e.Own && e.CustomerID == a.CustomerID {
				own = append(own, e.Evidence())
			}
		}
		line := ids.nearest(own, a.Start.Time, a.End.Time)
		if line == (db.Key{}) {
			line = ids.numberLine(a.CustomerID, n)
		}
		if line == (db.Key{}) {
			line = ids.addLine(a.CustomerID, db.ServiceSubscription{Source: a.CustomerSource, SourceID: n.Value(), SubscriptionName: n.Stored()})
			ids.claim(n, line)
		}
		list = append(list, db.Evidence{Subscription: line, Start: a.Start.Time, End: a.End.Time, Assigned: true})
	}
	return list
}

// noteAssigned records that subscriptions got or lost an assignment: what they have, and whether they stay, is to be worked out
// again.
func (ids *identities) noteAssigned(holdings ...[]db.Holding) {
	for _, list := range holdings {
		for _, h := range list {
			if h.Assigned {
				k := h.Subscriptions[0]
				ids.refresh[k], ids.lost[k], ids.touched[k] = true, true, true
				ids.left[k.CustomerID] = true
			}
		}
	}
}

// assignedOwner returns the owner of a document by an own id that is assigned at its time; false where it is not.
func (ids *identities) assignedOwner(id db.SourceID, at time.Time) (db.Owner, bool) {
	for _, a := range ids.assignedIDs[id] {
		if a.Covers(at) {
			line := ids.ownLine(a.CustomerID, id.Value)
			if ids.newLines[line] != nil {
				ids.refresh[line] = true
			}
			owner := ownerOf(line)
			owner.Attribution = new(db.Assigned)
			return owner, true
		}
	}
	return db.Owner{}, false
}

// ownIDOwner returns the owner of a document that names no customer, and its line by an own id alone.
func (ids *identities) ownIDOwner(id db.SourceID, at time.Time) db.Owner {
	if owner, assigned := ids.assignedOwner(id, at); assigned {
		return owner
	}
	owner := unattributed(db.OwnIDOnly)
	line := ids.ownLine(0, id.Value)
	owner.SubscriptionID = &line.ID
	return owner
}

// attributeOwnID attributes the stored documents again that name no customer, and their line by an own id alone.
func (ids *identities) attributeOwnID(ctx context.Context, id db.SourceID) error {
	ids.source, ids.own = id.Source, map[string][]db.Key{}
	if err := ids.loadOwn(ctx, id.Source, []string{id.Value}); err != nil {
		return err
	}
	documents, err := ids.tx.UnownedByOwnID(ctx, id)
	if err != nil {
		return err
	}
	return ids.move(ctx, documents, func(d db.UnownedDocument) (db.Owner, error) { return ids.ownIDOwner(id, d.At.Time), nil })
}
