package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Rows that an older version stored lack the columns that global ids are made of (0005_ids.sql). The columns are set
// step by step in the order of row ids, in transactions that store the position.

// idStep sets the columns of at most limit rows after a row id. It returns the number of rows that it read and the last
// row id.
type idStep func(ctx context.Context, tx *Tx, after int64, limit int) (n int, last int64, err error)

// idSteps returns the steps. The database stores the number of a step: append new steps only at the end.
func idSteps() []idStep {
	steps := []idStep{nameCustomerIdentifiers, nameSubscriptions}
	// The sources of the version that had these steps.
	for _, source := range []Source{Elevate, BRM, STN, DXP} {
		steps = append(steps, nameRecords(TypeUsageRecord, source), nameRecords(TypeUsageSummary, source), nameRecords(TypeConsumptionReport, source))
	}
	return steps
}

// PendingIDs reports whether rows of an older version lack the columns of global ids, and returns about how many rows
// NameIDs will read.
func (s *Store) PendingIDs(ctx context.Context) (pending bool, total int64, err error) {
	err = s.withConn(ctx, func(conn *sqlx.Conn) error {
		err := conn.GetContext(ctx, &pending, "SELECT state = 'PENDING' FROM id_state")
		if err != nil || !pending {
			return err
		}
		return conn.GetContext(ctx, &total, "SELECT (SELECT COUNT(*) FROM subscriptions) + (SELECT COUNT(*) FROM usage_summaries) + (SELECT COUNT(*) FROM consumption_reports)")
	})
	return pending, total, err
}

// NameIDs sets the columns of global ids in at most limit rows of an older version. It returns the number of rows that
// it read and whether more may follow. Several processes may call it at once.
func (s *Store) NameIDs(ctx context.Context, limit int) (n int, more bool, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		p, err := tx.idPosition(ctx)
		if err != nil || p.State != "PENDING" {
			return err
		}
		steps := idSteps()
		if n, p.Position, err = steps[p.Step](ctx, tx, p.Position, limit); err != nil {
			return fmt.Errorf("name rows for their ids: %w", err)
		}
		if n < limit {
			p.Step, p.Position = p.Step+1, 0
		}
		if more = int(p.Step) < len(steps); !more {
			p.State = "READY"
		}
		return tx.exec(ctx, "UPDATE id_state SET state = $1, step = $2, position = $3", p.State, p.Step, p.Position)
	})
	return n, more, err
}

// idPosition is the progress of NameIDs.
type idPosition struct {
	State    string `db:"state"`
	Step     int64  `db:"step"`
	Position int64  `db:"position"`
}

func (tx *Tx) idPosition(ctx context.Context) (p idPosition, err error) {
	err = tx.tx.GetContext(ctx, &p, "SELECT state, step, position FROM id_state")
	return p, err
}

// mayBeHidden is a condition that all names satisfy for which hiddenName is true, and few others.
const mayBeHidden = "(%[1]s LIKE '%%+%%' OR %[1]s LIKE '#%%' OR LENGTH(%[1]s) > 50)"

func nameCustomerIdentifiers(ctx context.Context, tx *Tx, _ int64, _ int) (int, int64, error) {
	list, err := selectArgs[CustomerIdentifier](ctx, tx, "SELECT source, value, customer_id FROM customer_identifiers WHERE "+fmt.Sprintf(mayBeHidden, "value"))
	for _, i := range list {
		if i.hashID(); i.IDHash != nil && err == nil {
			err = tx.exec(ctx, "UPDATE customer_identifiers SET id_hash = $1 WHERE source = $2 AND value = $3", *i.IDHash, i.Source, i.Value)
		}
	}
	return 0, 0, err
}

// nameSubscriptions sets the customer's source id of subscriptions, and the hashes of subscriptions of unattributed
// documents.
func nameSubscriptions(ctx context.Context, tx *Tx, after int64, limit int) (n int, last int64, err error) {
	list, err := selectArgs[ServiceSubscription](ctx, tx, fmt.Sprintf("SELECT customer_id, id, source, source_id, subscription_name FROM subscriptions WHERE id > $1 ORDER BY id LIMIT %d", limit), after)
	if err != nil || len(list) == 0 {
		return 0, after, err
	}
	var keys []Key
	for _, s := range list {
		keys = append(keys, s.Key)
		if s.CustomerID != 0 {
			continue
		}
		if s.hashID(); s.IDHash != nil {
			if err := tx.exec(ctx, "UPDATE subscriptions SET id_hash = $1 WHERE customer_id = 0 AND id = $2", *s.IDHash, s.ID); err != nil {
				return 0, after, err
			}
		}
	}
	c := tx.compiler()
	k := c.dialect.keys(c, keys)
	err = tx.exec(ctx, "UPDATE subscriptions AS s SET source_customer_id = "+leastCustomer+" WHERE (s.customer_id, s.id) IN (SELECT k.customer_id, k.id FROM "+k+")", c.args...)
	return len(list), list[len(list)-1].ID, err
}

// hashedRow is a row with its hash, for an update.
type hashedRow struct {
	IDHash string `db:"id_hash"`
	Key
}

// namedRow is a record, or a bucket with its record as the owner.
type namedRow struct {
	Key
	Source   Source `db:"source"`
	SourceID string `db:"source_id"`
	Owner    int64  `db:"owner"`
}

// nameRecords returns the step that sets the hashes of the records of a type and source, and of their buckets.
func nameRecords(of NodeType, source Source) idStep {
	return func(ctx context.Context, tx *Tx, after int64, limit int) (int, int64, error) {
		table := parentTables[of][0]
		condition := "TRUE"
		if of == TypeUsageRecord {
			condition = fmt.Sprintf(mayBeHidden, "source_id")
		}
		list, err := selectArgs[namedRow](ctx, tx, fmt.Sprintf(`SELECT customer_id, id, source, source_id, 0 AS owner FROM %s
			WHERE source = $1 AND id > $2 AND %s ORDER BY id LIMIT %d`, table, condition, limit), source, after)
		if err != nil || len(list) == 0 {
			return 0, after, err
		}
		var rows []hashedRow
		for _, r := range list {
			if of == TypeConsumptionReport {
				rows = append(rows, hashedRow{reportName(r.Source, r.SourceID), r.Key})
			} else if hash := hashedName(of, r.Source, r.SourceID); hash != nil {
				rows = append(rows, hashedRow{*hash, r.Key})
			}
		}
		if len(rows) > 0 {
			err = updateRows(ctx, tx, table, "TRUE", rows)
		}
		if err == nil && of != TypeUsageRecord {
			err = nameStoredBuckets(ctx, tx, of, list)
		}
		return len(list), list[len(list)-1].ID, err
	}
}

// bucketParents are the columns of buckets that refer to their record.
var bucketParents = map[NodeType]string{TypeUsageSummary: "summary_id", TypeConsumptionReport: "report_id"}

// nameStoredBuckets sets the hashes of the buckets of records. The row ids give the order of the buckets of a record.
func nameStoredBuckets(ctx context.Context, tx *Tx, of NodeType, records []namedRow) error {
	c := tx.compiler()
	keys, byID := make([]Key, len(records)), make(map[int64]namedRow, len(records))
	for i, r := range records {
		keys[i], byID[r.ID] = r.Key, r
	}
	stored, err := selectAll[namedRow](ctx, tx, c, fmt.Sprintf(`SELECT t.customer_id, t.id, t.source, t.source_id, k.id AS owner FROM %s
		JOIN buckets t ON t.customer_id = k.customer_id AND t.%s = k.id ORDER BY k.id, t.id`, c.dialect.keys(c, keys), bucketParents[of]))
	if err != nil || len(stored) == 0 {
		return err
	}
	type name struct {
		owner int64
		own   string
	}
	count := map[name]int{}
	rows := make([]hashedRow, len(stored))
	for i, b := range stored {
		owner, n := byID[b.Owner], name{b.Owner, b.SourceID}
		rows[i] = hashedRow{bucketName(of, owner.Source, owner.SourceID, b.SourceID, count[n]), b.Key}
		count[n]++
	}
	return updateRows(ctx, tx, "buckets", "TRUE", rows)
}
