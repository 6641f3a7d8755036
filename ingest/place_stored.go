package ingest

import (
	"cmp"
	"context"
	"time"

	"usagegraph/db"
)

// placeStored places stored records of the pairs in pairsToPlace again. These are records by a number or card alone,
// whose placement depends on records with an own id that were added or removed.
func (ids *identities) placeStored(ctx context.Context) error {
	if len(ids.pairsToPlace) == 0 {
		return nil
	}
	var named []db.NamedSubscription
	for p := range ids.pairsToPlace {
		for _, k := range ids.claimantsOf(p.name) {
			if k.CustomerID == p.customer {
				named = append(named, db.NamedSubscription{Key: k, Name: p.name})
			}
		}
	}
	evidence, err := ids.tx.Evidence(ctx, named)
	if err != nil {
		return err
	}
	own := map[pair][]db.Evidence{}
	for _, e := range evidence {
		if e.Own {
			p := pair{e.CustomerID, e.Name}
			own[p] = append(own[p], e.Evidence())
		}
	}
	records, err := ids.tx.NumberOnlyRecords(ctx, named)
	if err != nil {
		return err
	}
	var moves []db.Move
	var others []db.SubscriptionName
	for _, r := range records {
		p := pair{r.CustomerID, r.Name}
		to := ids.nearest(own[p], r.StartAt.Time, r.EndAt.Time)
		if to == (db.Key{}) {
			if to = ids.subscriptionByName(p.customer, p.name); to == (db.Key{}) {
				to = ids.addSubscription(p.customer, db.ServiceSubscription{SubscriptionName: p.name.Stored()})
				ids.claim(p.name, to)
				ids.refresh[to] = true
			}
		}
		if from := (db.Key{CustomerID: r.CustomerID, ID: r.SubscriptionID}); from != to {
			moves = append(moves, db.Move{Kind: r.Kind, From: db.Key{CustomerID: r.CustomerID, ID: r.ID}, Owner: ownerOf(to)})
			ids.moved(from, to)
			ids.rereadNames[p.name] = true
			ids.claim(p.name, to)
			if r.Scoped {
				ids.scopedNames[from], ids.scopedNames[to] = true, true
			}
			if r.Other != nil {
				others = append(others, *r.Other)
				ids.rereadNames[*r.Other] = true
				ids.claim(*r.Other, to)
			}
		}
	}
	if err := ids.loadNames(ctx, others); err != nil {
		return err
	}
	return ids.tx.MoveRecords(ctx, moves)
}

// moved notes that a record moved from one subscription to another.
func (ids *identities) moved(from, to db.Key) {
	for _, k := range []db.Key{from, to} {
		if k.ID != 0 {
			ids.refresh[k], ids.changedEvidence[k] = true, true
		}
	}
	if from.ID != 0 {
		ids.losingSubscriptions[from] = true
	}
	if from.CustomerID != to.CustomerID {
		ids.losingCustomers[from.CustomerID] = true
	}
}

// nearest returns the subscription whose evidence is nearest to a time. Ties go to the least by system and own id. It
// returns the zero key if there is no evidence.
func (ids *identities) nearest(evidence []db.Evidence, start, end time.Time) db.Key {
	var best db.Key
	var least time.Duration
	for _, e := range evidence {
		d := distance(e, start, end)
		if best == (db.Key{}) || cmp.Or(cmp.Compare(d, least), ids.compareNames(e.Subscription, best)) < 0 {
			best, least = e.Subscription, d
		}
	}
	return best
}

// distance returns the time between a record and evidence; 0 if they overlap.
func distance(e db.Evidence, start, end time.Time) time.Duration {
	last, ofEvidence := db.Evidence{Start: start, End: end}.Last(), e.Last()
	switch {
	case last.Before(e.Start):
		return e.Start.Sub(last)
	case start.After(ofEvidence):
		return start.Sub(ofEvidence)
	}
	return 0
}

func (ids *identities) compareNames(a, b db.Key) int {
	x, y := ids.subscriptions[a], ids.subscriptions[b]
	return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.SourceID, y.SourceID))
}
