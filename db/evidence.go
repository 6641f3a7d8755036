package db

import (
	"context"
	"fmt"
)

// NamedSubscription is a subscription with one of its numbers or cards.
type NamedSubscription struct {
	Key
	Name SubscriptionName
}

// namedKey is a NamedSubscription as a row of a relation.
type namedKey struct {
	CustomerID int64            `db:"customer_id"`
	ID         int64            `db:"id"`
	Name       SubscriptionName `db:"name"`
}

func namedKeys(list []NamedSubscription) []namedKey {
	keys := make([]namedKey, len(list))
	for i, s := range list {
		keys[i] = namedKey{s.CustomerID, s.ID, s.Name}
	}
	return keys
}

// NamedEvidence is a record that proves that a subscription had a number or card.
type NamedEvidence struct {
	CustomerID     int64            `db:"customer_id"`
	SubscriptionID int64            `db:"subscription_id"`
	Name           SubscriptionName `db:"name"`
	StartAt        Time             `db:"start_at"`
	EndAt          Time             `db:"end_at"`
	// Own is true if the record names the subscription by its own id.
	Own bool `db:"own"`
}

// Evidence returns the evidence without the name.
func (e NamedEvidence) Evidence() Evidence {
	return Evidence{Subscription: Key{e.CustomerID, e.SubscriptionID}, Start: e.StartAt.Time, End: e.EndAt.Time}
}

// Evidence returns the records that prove that subscriptions had their numbers or cards.
func (tx *Tx) Evidence(ctx context.Context, list []NamedSubscription) ([]NamedEvidence, error) {
	if len(list) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	v := rowsOf(c, namedKeys(list))
	return selectAll[NamedEvidence](ctx, tx, c, `SELECT t.customer_id, t.subscription_id, v.name, t.event_time AS start_at, t.event_time AS end_at,
			t.source_subscription_id IS NOT NULL AS own
		FROM `+v+` JOIN usage_records t ON t.customer_id = v.customer_id AND t.subscription_id = v.id AND t.subscription_name = v.name
		WHERE t.source_customer_id IS NOT NULL AND NOT t.scoped
		UNION ALL SELECT t.customer_id, t.subscription_id, v.name, t.month_start, t.month_end, t.own_id IS NOT NULL
		FROM `+v+` JOIN usage_summaries t ON t.customer_id = v.customer_id AND t.subscription_id = v.id AND (t.number_name = v.name OR t.card_name = v.name)
		WHERE NOT t.scoped`)
}

// NumberOnlyRecord is a record of a known customer that names its subscription by a number or card alone.
type NumberOnlyRecord struct {
	Kind           RecordKind       `db:"kind"`
	CustomerID     int64            `db:"customer_id"`
	ID             int64            `db:"id"`
	SubscriptionID int64            `db:"subscription_id"`
	Name           SubscriptionName `db:"name"`
	// Other is the card of a usage summary that belongs to its subscription by its number.
	Other   *SubscriptionName `db:"other"`
	StartAt Time              `db:"start_at"`
	EndAt   Time              `db:"end_at"`
	// Scoped is that of Claim.
	Scoped bool `db:"scoped"`
}

// RecordKind is the kind of a record, as the name of its table.
type RecordKind string

// The kinds of records.
const (
	UsageRecordKind       RecordKind = "usage_records"
	UsageSummaryKind      RecordKind = "usage_summaries"
	ConsumptionReportKind RecordKind = "consumption_reports"
)

// NumberOnlyRecords returns the records of known customers that belong to these subscriptions and name them by the
// number or card alone.
func (tx *Tx) NumberOnlyRecords(ctx context.Context, list []NamedSubscription) ([]NumberOnlyRecord, error) {
	if len(list) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	v := rowsOf(c, namedKeys(list))
	return selectAll[NumberOnlyRecord](ctx, tx, c, `SELECT 'usage_records' AS kind, t.customer_id, t.id, t.subscription_id, v.name, NULL AS other, t.event_time AS start_at, t.event_time AS end_at, t.scoped
		FROM `+v+` JOIN usage_records t ON t.customer_id = v.customer_id AND t.subscription_id = v.id AND t.subscription_name = v.name
		WHERE t.source_customer_id IS NOT NULL AND t.source_subscription_id IS NULL
		UNION ALL SELECT 'usage_summaries', t.customer_id, t.id, t.subscription_id, v.name, CASE WHEN t.number_name IS NOT NULL THEN t.card_name END, t.month_start, t.month_end, t.scoped
		FROM `+v+` JOIN usage_summaries t ON t.customer_id = v.customer_id AND t.subscription_id = v.id AND COALESCE(t.number_name, t.card_name) = v.name
		WHERE t.own_id IS NULL`)
}

// SinceWhen is a number or card with the time from which its documents may have another owner.
type SinceWhen struct {
	Name  SubscriptionName `db:"name"`
	Since Time             `db:"since"`
}

// UnownedDocument is a document that names no customer, only a number, a card or an own id.
type UnownedDocument struct {
	Kind           RecordKind          `db:"kind"`
	CustomerID     int64               `db:"customer_id"`
	ID             int64               `db:"id"`
	SubscriptionID *int64              `db:"subscription_id"`
	Name           SubscriptionName    `db:"name"`
	At             Time                `db:"at"`
	Attribution    *Attribution        `db:"attribution"`
	Unattributed   *UnattributedReason `db:"unattributed"`
}

// UnownedDocuments returns the documents that name no customer and one of these numbers or cards, each from its time
// on.
func (tx *Tx) UnownedDocuments(ctx context.Context, names []SinceWhen) ([]UnownedDocument, error) {
	if len(names) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	v := rowsOf(c, names)
	// A lateral join, because PostgreSQL without statistics of such documents would otherwise scan all documents.
	records := fmt.Sprintf(c.dialect.childJoin, "*", "usage_records", `x.subscription_name = v.name AND x.event_time >= v.since
		AND x.source_customer_id IS NULL AND x.contested_customers IS NULL AND x.subscription_name IS NOT NULL`, "x.subscription_name, x.event_time")
	reports := fmt.Sprintf(c.dialect.childJoin, "*", "consumption_reports", "x.subscription_name = v.name AND x.effective_at >= v.since", "x.subscription_name, x.effective_at")
	return selectAll[UnownedDocument](ctx, tx, c, `SELECT 'usage_records' AS kind, x.customer_id, x.id, x.subscription_id, x.subscription_name AS name, x.event_time AS at, x.attribution, x.unattributed
		FROM `+v+records+` WHERE x.id IS NOT NULL
		UNION ALL SELECT 'consumption_reports', x.customer_id, x.id, x.subscription_id, x.subscription_name, x.effective_at, x.attribution, x.unattributed
		FROM `+v+reports+" WHERE x.id IS NOT NULL")
}

// HasUnownedDocuments reports whether there is a consumption report, or a usage record that names a number or card and
// no customer.
func (tx *Tx) HasUnownedDocuments(ctx context.Context) (bool, error) {
	var found int
	err := tx.tx.GetContext(ctx, &found, `SELECT CASE WHEN EXISTS (SELECT 1 FROM consumption_reports)
		OR EXISTS (SELECT 1 FROM usage_records WHERE source_customer_id IS NULL AND subscription_name IS NOT NULL) THEN 1 ELSE 0 END`)
	return found == 1, err
}
