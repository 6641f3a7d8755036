package db

import (
	"context"
	"fmt"
)

// Move holds a stored record and its new owner.
type Move struct {
	Kind RecordKind
	// From is the key of the stored record.
	From Key
	Owner
	// SameOwner is true if customer and subscription stay, and only the attribution changes.
	SameOwner bool
}

// moveRow is a Move as a row of a relation.
type moveRow struct {
	CustomerID     int64   `db:"customer_id"`
	ID             int64   `db:"id"`
	ToCustomer     int64   `db:"to_customer"`
	ToSubscription *int64  `db:"to_subscription"`
	Attribution    *string `db:"attribution"`
	Unattributed   *string `db:"unattributed"`
}

// movedParts lists the tables of the parts that move with a record, deepest first. column refers to the record, or to
// one of its buckets if bucketColumn, the bucket's reference to the record, is set.
var movedParts = map[RecordKind][]struct {
	table, column   string
	bucketColumn    string
	hasSubscription bool
}{
	UsageRecordKind:       {{table: "rated_usages", column: "usage_id"}},
	UsageSummaryKind:      {{table: "usage_summary_lines", column: "summary_id"}, {table: "buckets", column: "summary_id", hasSubscription: true}},
	ConsumptionReportKind: {{table: "bucket_balances", column: "bucket_id", bucketColumn: "report_id"}, {table: "bucket_counters", column: "bucket_id", bucketColumn: "report_id"}, {table: "buckets", column: "report_id", hasSubscription: true}},
}

// MoveRecords moves records with their parts to other owners.
func (tx *Tx) MoveRecords(ctx context.Context, moves []Move) error {
	kinds, same := map[RecordKind][]moveRow{}, map[RecordKind][]moveRow{}
	for _, m := range moves {
		list := kinds
		if m.SameOwner {
			list = same
		}
		list[m.Kind] = append(list[m.Kind], moveRow{m.From.CustomerID, m.From.ID, m.CustomerID, m.SubscriptionID, (*string)(m.Attribution), (*string)(m.Unattributed)})
	}
	for _, kind := range []RecordKind{UsageRecordKind, UsageSummaryKind, ConsumptionReportKind} {
		if err := tx.moveKind(ctx, kind, kinds[kind]); err != nil {
			return err
		}
		if err := tx.setMoved(ctx, kind, setAttribution, same[kind]); err != nil {
			return err
		}
	}
	return nil
}

// The assignments of an UPDATE that moves a record.
const (
	setOwner       = "customer_id = v.to_customer, subscription_id = v.to_subscription"
	setAttribution = "attribution = v.attribution, unattributed = v.unattributed"
)

// setMoved updates columns of the records in rows.
func (tx *Tx) setMoved(ctx context.Context, kind RecordKind, set string, rows []moveRow) error {
	if len(rows) == 0 {
		return nil
	}
	c := tx.compiler()
	return tx.exec(ctx, fmt.Sprintf("UPDATE %[1]s SET %[2]s FROM %[3]s WHERE %[1]s.customer_id = v.customer_id AND %[1]s.id = v.id", kind, set, rowsOf(c, rows)), c.args...)
}

func (tx *Tx) moveKind(ctx context.Context, kind RecordKind, rows []moveRow) error {
	var away []moveRow
	for _, r := range rows {
		if r.CustomerID != r.ToCustomer {
			away = append(away, r)
		}
	}
	for _, part := range movedParts[kind] {
		moved, set := away, "customer_id = v.to_customer"
		if part.hasSubscription {
			moved, set = rows, set+", subscription_id = v.to_subscription"
		}
		if len(moved) == 0 {
			continue
		}
		c := tx.compiler()
		from, tie := rowsOf(c, moved), fmt.Sprintf("%[1]s.customer_id = v.customer_id AND %[1]s.%[2]s = v.id", part.table, part.column)
		if part.bucketColumn != "" {
			from += fmt.Sprintf(" JOIN buckets b ON b.customer_id = v.customer_id AND b.%s = v.id", part.bucketColumn)
			// The unary plus prevents SQLite from using v.customer_id here, which would read all rows of the customer.
			tie = fmt.Sprintf("%[1]s.customer_id = +b.customer_id AND %[1]s.%[2]s = b.id", part.table, part.column)
		}
		if err := tx.exec(ctx, fmt.Sprintf("UPDATE %s SET %s FROM %s WHERE %s", part.table, set, from, tie), c.args...); err != nil {
			return err
		}
	}
	set := setOwner
	if kind != UsageSummaryKind {
		set += ", " + setAttribution
	}
	return tx.setMoved(ctx, kind, set, rows)
}
