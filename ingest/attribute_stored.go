package ingest

import (
	"cmp"
	"context"
	"fmt"

	"usagegraph/db"
)

// storedBatch is the default number of stored records that one transaction attributes (see Importer.BatchRecords).
const storedBatch = 2000

// AttributeStored attributes the records of an older version by the current rules, batch by batch. Cancelling the
// context stops it after the current batch; the next call continues. Several processes may run it at once. progress,
// unless nil, is called with the number of attributed records and the total. It returns the number of records
// attributed by this call.
func (im *Importer) AttributeStored(ctx context.Context, progress func(done, total int64)) (int64, error) {
	pending, total, err := im.Store.PendingRecords(ctx)
	if err != nil || !pending {
		return 0, err
	}
	var done int64
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return done, fmt.Errorf("attributed %d of %d stored records, run it again for the rest: %w", done, total, err)
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

// attributeBatch attributes the next records, and reports whether there may be more.
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

// storedRecords are records of one system that an older version stored. It implements changes.
type storedRecords struct {
	ids    *identities
	tx     *db.Tx
	limit  int // maximum number of records to read
	claims []*claim
	// keys maps the rows of the claims to the keys under which they are stored.
	keys map[any]db.Key
	// dropped are reports that a later one with the same source id replaces.
	dropped []db.Key
	n       int
	last    int64
}

// read reads and redecodes the next records after an id.
func (s *storedRecords) read(ctx context.Context, source Source, after int64) error {
	s.last, s.keys = after, map[any]db.Key{}
	switch {
	case source.Redecode.Usage != nil:
		rows, err := s.tx.UsageRecordsAfter(ctx, source.Name, after, s.limit)
		for _, u := range rows {
			s.add(source.Name, u.Key, source.Redecode.Usage(u))
		}
		return err
	case source.Redecode.Summary != nil:
		rows, err := s.tx.UsageSummariesAfter(ctx, source.Name, after, s.limit)
		for _, u := range rows {
			s.add(source.Name, u.Key, source.Redecode.Summary(u))
		}
		return err
	case source.Redecode.Report != nil:
		rows, err := s.tx.ConsumptionReportsAfter(ctx, source.Name, after, s.limit)
		bySourceID := map[string]int{}
		for _, r := range rows {
			s.add(source.Name, r.Key, source.Redecode.Report(r))
			i, found := bySourceID[r.SourceID]
			if found {
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

// Remove deletes the replaced reports.
func (s *storedRecords) Remove(ctx context.Context) error {
	return s.tx.DropConsumptionReports(ctx, s.dropped)
}

// Insert stores the claims of the records again, and moves the records to their owners.
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
			s.ids.losingCustomers[key.CustomerID] = true
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
