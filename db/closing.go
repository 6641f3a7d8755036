package db

import (
	"context"
	"fmt"
	"time"
)

// closedAt returns the time at which the window of a holding of a number or card closes because its subscription has
// another one by then: the earliest start of evidence for another name of the same kind that ends no earlier than the
// holding. It returns the zero time if nothing closes the window. For a disputed holding it returns the latest closing
// of its subscriptions, and the zero time if one of them has none.
func closedAt(ctx context.Context, q queryer, name SubscriptionName, h Holding) (time.Time, error) {
	var latest time.Time
	for _, s := range h.Subscriptions {
		closing, err := closingOf(ctx, q, name, s, h.Last())
		if err != nil || closing.IsZero() {
			return time.Time{}, err
		}
		if closing.After(latest) {
			latest = closing
		}
	}
	return latest, nil
}

// closingOf is closedAt for one subscription; last is the last instant of the holding.
func closingOf(ctx context.Context, q queryer, name SubscriptionName, s Key, last time.Time) (closing time.Time, err error) {
	var rows []*SubscriptionIdentifier
	err = q.SelectContext(ctx, &rows, `SELECT kind, source, value, valid_from, first_end, last_start, valid_to, disputed, assigned FROM subscription_identifiers
		WHERE customer_id = $1 AND subscription_id = $2 AND kind = $3 AND valid_to >= $4 ORDER BY valid_from`, s.CustomerID, s.ID, name.Kind(), TimeOf(last))
	if err != nil {
		return closing, fmt.Errorf("find the other numbers of a subscription: %w", err)
	}
	for _, r := range rows {
		other := SubscriptionNameOf(r.Kind, r.SourceName, r.Value)
		ends := lastInstant(r.LastStart.Time, r.ValidTo.Time)
		if r.Assigned { // the last record may begin later
			ends = lastInstant(r.ValidFrom.Time, r.ValidTo.Time)
		}
		if other == name || ends.Before(last) {
			continue
		}
		// No row after this one begins earlier.
		if !closing.IsZero() && !r.ValidFrom.Before(closing) {
			break
		}
		begin := r.ValidFrom.Time
		// The row's start may not be the time of a record that counts: its first record may end too early or belong to
		// another subscription, or the row may begin at the end of an assignment.
		if !r.Assigned && (r.Disputed || r.FirstEnd.Before(last) || !r.ValidFrom.After(last)) {
			if begin, err = firstEvidence(ctx, q, other, s, last); err != nil {
				return time.Time{}, err
			}
		}
		if !begin.IsZero() && (closing.IsZero() || begin.Before(closing)) {
			closing = begin
		}
	}
	return closing, nil
}

// period is the time of a record: an instant, or a month with an exclusive end.
type period struct {
	StartAt Time `db:"start_at"`
	EndAt   Time `db:"end_at"`
}

// firstEvidence returns the start of the earliest evidence of a subscription for a number or card that ends no earlier
// than last; the zero time if there is none.
func firstEvidence(ctx context.Context, q queryer, name SubscriptionName, s Key, last time.Time) (first time.Time, err error) {
	var found []*period
	err = q.SelectContext(ctx, &found, `SELECT * FROM (SELECT event_time AS start_at, event_time AS end_at FROM usage_records
			WHERE customer_id = $1 AND subscription_id = $2 AND subscription_name = $3 AND source_customer_id IS NOT NULL AND NOT scoped AND event_time >= $4
			ORDER BY event_time LIMIT 1) u
		UNION ALL SELECT * FROM (SELECT month_start AS start_at, month_end AS end_at FROM usage_summaries
			WHERE customer_id = $1 AND subscription_id = $2 AND (number_name = $3 OR card_name = $3) AND NOT scoped AND month_end > $4
			ORDER BY month_start LIMIT 1) s`, s.CustomerID, s.ID, name, TimeOf(last))
	if err != nil {
		return first, fmt.Errorf("find the records of a number: %w", err)
	}
	for _, p := range found {
		if first.IsZero() || p.StartAt.Before(first) {
			first = p.StartAt.Time
		}
	}
	return first, nil
}

// lastEvidence returns the last instant of a subscription's evidence for a number or card; the zero time if there is
// none.
func lastEvidence(ctx context.Context, q queryer, name SubscriptionName, s Key) (last time.Time, err error) {
	var found []*period
	err = q.SelectContext(ctx, &found, `SELECT * FROM (SELECT event_time AS start_at, event_time AS end_at FROM usage_records
			WHERE customer_id = $1 AND subscription_id = $2 AND subscription_name = $3 AND source_customer_id IS NOT NULL AND NOT scoped
			ORDER BY event_time DESC LIMIT 1) u
		UNION ALL SELECT * FROM (SELECT month_start AS start_at, month_end AS end_at FROM usage_summaries
			WHERE customer_id = $1 AND subscription_id = $2 AND (number_name = $3 OR card_name = $3) AND NOT scoped AND month_end IS NOT NULL
			ORDER BY month_end DESC LIMIT 1) s`, s.CustomerID, s.ID, name)
	if err != nil {
		return last, fmt.Errorf("find the records of a number: %w", err)
	}
	for _, p := range found {
		if end := lastInstant(p.StartAt.Time, p.EndAt.Time); end.After(last) {
			last = end
		}
	}
	return last, nil
}

// ClosedAt returns the time at which the window of a holding of a number or card closes because its subscription has
// another one by then; the zero time if nothing closes it.
func (tx *Tx) ClosedAt(ctx context.Context, name SubscriptionName, h Holding) (time.Time, error) {
	return closedAt(ctx, tx.tx, name, h)
}

// AttributionWindow returns the length of the attribution window (see DefaultAttributionWindow).
func (tx *Tx) AttributionWindow() time.Duration { return tx.store.attributionWindow() }
