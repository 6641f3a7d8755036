package ingest

import (
	"cmp"
	"context"
	"time"

	"usagegraph/db"
)

// placeAgain places records of known customers by a number or card alone again, where records with an own id and that
// number were added or removed.
func (ids *identities) placeAgain(ctx context.Context) error {
	if len(ids.pairs) == 0 {
		return nil
	}
	var lines []db.NamedSubscription
	for p := range ids.pairs {
		for _, k := range ids.claimantsOf(p.name) {
			if k.CustomerID == p.customer {
				lines = append(lines, db.NamedSubscription{Key: k, Name: p.name})
			}
		}
	}
	evidence, err := ids.tx.Evidence(ctx, lines)
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
	records, err := ids.tx.NumberOnlyRecords(ctx, lines)
	if err != nil {
		return err
	}
	var moves []db.Move
	var others []db.SubscriptionName
	for _, r := range records {
		p := pair{r.CustomerID, r.Name}
		to := ids.nearest(own[p], r.StartAt.Time, r.EndAt.Time)
		if to == (db.Key{}) {
			if to = ids.numberLine(p.customer, p.name); to == (db.Key{}) {
				to = ids.addLine(p.customer, db.ServiceSubscription{SubscriptionName: p.name.Stored()})
				ids.claim(p.name, to)
				ids.refresh[to] = true
			}
		}
		if from := (db.Key{CustomerID: r.CustomerID, ID: r.SubscriptionID}); from != to {
			moves = append(moves, db.Move{Kind: r.Kind, From: db.Key{CustomerID: r.CustomerID, ID: r.ID}, Owner: ownerOf(to)})
			ids.moved(from, to)
			ids.full[p.name] = true
			ids.claim(p.name, to)
			if r.Other != nil {
				others = append(others, *r.Other)
				ids.full[*r.Other] = true
				ids.claim(*r.Other, to)
			}
		}
	}
	if err := ids.loadNames(ctx, others); err != nil {
		return err
	}
	return ids.tx.MoveRecords(ctx, moves)
}

// moved records that a record went from one subscription to another.
func (ids *identities) moved(from, to db.Key) {
	for _, k := range []db.Key{from, to} {
		if k.ID != 0 {
			ids.refresh[k], ids.touched[k] = true, true
		}
	}
	if from.ID != 0 {
		ids.lost[from] = true
	}
	if from.CustomerID != to.CustomerID {
		ids.left[from.CustomerID] = true
	}
}

// nearest returns the subscription whose evidence is nearest to a time; of several the least by system and own id. It
// returns the zero key where there is no evidence.
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

// distance returns the time between a record and evidence; 0 where they overlap.
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
	x, y := ids.lines[a], ids.lines[b]
	return cmp.Or(cmp.Compare(x.Source, y.Source), cmp.Compare(x.SourceID, y.SourceID))
}
