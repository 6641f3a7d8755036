package ingest

import (
	"cmp"
	"context"
	"fmt"

	"usagegraph/db"
)

// storedBatch is how many stored records one transaction attributes, unless Importer.BatchRecords says otherwise.
const storedBatch = 2000

// AttributeStored attributes the records that an older version stored by the rules of this one, batch by batch. A context
// that is done stops it after the batch in hand, and calling it again goes on; several programs may do so at once.
// Progress, unless it is nil, is called with how many of how many records are attributed. It returns how many it has
// attributed.
func (im *Importer) AttributeStored(ctx context.Context, progress func(done, total int64)) (int64, error) {
	pending, total, err := im.Store.PendingRecords(ctx)
	if err != nil || !pending {
		return 0, err
	}
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return done, fmt.Errorf("attributed %d of %d stored records, the rest when this is run again: %w", done, total, err)
		}
		n := 0
		err := im.Store.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			more, n, err = im.attributeBatch(ctx, tx)
			return err
		})
		if err != nil {
			return done, err
		}
		if done += int64(n); progress != nil {
			progress(done, total)
		}
	}
	return done, nil
}

// attributeBatch attributes the next records, and tells whether there may be more.
func (im *Importer) attributeBatch(ctx context.Context, tx *db.Tx) (more bool, n int, err error) {
	ids := newIdentities("")
	if err := ids.begin(ctx, tx); err != nil {
		return false, 0, err
	}
	position, err := tx.PendingPosition(ctx)
	if err != nil || !position.Pending {
		return false, 0, err
	}
	at := 0
	for i, s := range im.Sources {
		if s.Name == position.Source {
			at = i
		}
	}
	source := im.Sources[at]
	if position.Source != source.Name {
		position.ID = 0
	}
	ids.source = source.Name
	stored := &storedRecords{ids: ids, tx: tx, limit: cmp.Or(max(0, im.BatchRecords), storedBatch)}
	if err := stored.read(ctx, source, position.ID); err != nil {
		return false, 0, err
	}
	if err := ids.write(ctx, stored.claims, stored); err != nil {
		return false, 0, err
	}
	position = db.Position{Pending: true, Source: source.Name, ID: stored.last}
	if stored.n < stored.limit {
		if position.Pending = at+1 < len(im.Sources); position.Pending {
			position = db.Position{Pending: true, Source: im.Sources[at+1].Name}
		}
	}
	return position.Pending, stored.n, tx.SetPendingPosition(ctx, position)
}

// storedRecords are records of one system that are stored already.
type storedRecords struct {
	ids    *identities
	tx     *db.Tx
	limit  int // how many are read at most
	claims []*claim
	// keys are where the records of the claims are stored.
	keys map[any]db.Key
	// dropped are reports that have become one with a later one.
	dropped []db.Key
	n       int
	last    int64
}

// read reads the next records after an id.
func (s *storedRecords) read(ctx context.Context, source Source, after int64) error {
	s.last, s.keys = after, map[any]db.Key{}
	switch {
	case source.Again.Usage != nil:
		rows, err := s.tx.UsageRecordsAfter(ctx, source.Name, after, s.limit)
		for _, u := range rows {
			s.add(source.Name, u.Key, source.Again.Usage(u))
		}
		return err
	case source.Again.Summary != nil:
		rows, err := s.tx.UsageSummariesAfter(ctx, source.Name, after, s.limit)
		for _, u := range rows {
			s.add(source.Name, u.Key, source.Again.Summary(u))
		}
		return err
	case source.Again.Report != nil:
		rows, err := s.tx.ConsumptionReportsAfter(ctx, source.Name, after, s.limit)
		bySourceID := map[string]int{}
		for _, r := range rows {
			s.add(source.Name, r.Key, source.Again.Report(r))
			i, twin := bySourceID[r.SourceID]
			if twin {
				s.dropped = append(s.dropped, s.keys[s.claims[i].row])
				s.claims[i] = s.claims[len(s.claims)-1]
				s.claims = s.claims[:len(s.claims)-1]
			} else {
				i = len(s.claims) - 1
			}
			bySourceID[r.SourceID] = i
		}
		return err
	}
	return nil
}

func (s *storedRecords) add(source db.Source, key db.Key, r *Record) {
	r.identify(source)
	c := newClaim(r, nil)
	s.claims, s.keys[c.row] = append(s.claims, c), key
	s.n, s.last = s.n+1, key.ID
}

// Remove deletes the reports that have become one with others.
func (s *storedRecords) Remove(ctx context.Context) error {
	return s.tx.DropConsumptionReports(ctx, s.dropped)
}

// Insert stores the claims of the records again, and gives the records to their owners.
func (s *storedRecords) Insert(ctx context.Context, chosen func(row any) bool) error {
	var usages []*db.UsageRecord
	var summaries []*db.UsageSummary
	var reports []*db.ConsumptionReport
	var keys []db.Key
	var moves []db.Move
	for _, c := range s.claims {
		if !chosen(c.row) {
			continue
		}
		key := s.keys[c.row]
		keys = append(keys, key)
		moves = append(moves, db.Move{Kind: c.kind, From: key, Owner: c.owner})
		if key.CustomerID != c.owner.CustomerID {
			s.ids.left[key.CustomerID] = true
		}
		if c.Customer != nil && c.Customer.Name != nil {
			s.ids.renamed[c.customer] = true
		}
		switch {
		case c.Usage != nil:
			usages = append(usages, c.Usage)
		case c.Summary != nil:
			summaries = append(summaries, c.Summary)
		case c.Report != nil:
			reports = append(reports, c.Report)
		}
	}
	if err := s.tx.RestateUsageRecords(ctx, keys, usages); err != nil {
		return err
	}
	if err := s.tx.RestateUsageSummaries(ctx, keys, summaries); err != nil {
		return err
	}
	if err := s.tx.RestateConsumptionReports(ctx, keys, reports); err != nil {
		return err
	}
	return s.tx.MoveRecords(ctx, moves)
}
