package db

import (
	"context"
	"fmt"
)

// recordTables hold what belongs to a customer and, by subscription_id, to a line; partTables what belongs to that,
// each with its record's table and the column of the record's id.
var (
	recordTables = []string{"usage_records", "usage_summaries", "consumption_reports", "buckets"}
	partTables   = [][3]string{
		{"rated_usages", "usage_records", "usage_id"}, {"usage_summary_lines", "usage_summaries", "summary_id"},
		{"bucket_balances", "buckets", "bucket_id"}, {"bucket_counters", "buckets", "bucket_id"},
	}
)

// MergeSubscriptions makes one line of two: what belongs to one of them goes to the other, whosever that is.
func (tx *Tx) MergeSubscriptions(ctx context.Context, from, to Key) error {
	if from == to {
		return nil
	}
	for _, part := range partTables {
		if err := tx.exec(ctx, fmt.Sprintf(`UPDATE %s SET customer_id = $1 WHERE customer_id = $2 AND %s IN
			(SELECT id FROM %s WHERE customer_id = $2 AND subscription_id = $3)`, part[0], part[2], part[1]), to.CustomerID, from.CustomerID, from.ID); err != nil {
			return err
		}
	}
	for _, table := range recordTables {
		if err := tx.exec(ctx, "UPDATE "+table+" SET customer_id = $1, subscription_id = $2 WHERE customer_id = $3 AND subscription_id = $4",
			to.CustomerID, to.ID, from.CustomerID, from.ID); err != nil {
			return err
		}
	}
	// A name that the other customer has already, on whichever line, goes with this one.
	if err := tx.exec(ctx, `UPDATE subscription_identifiers SET customer_id = $1, subscription_id = $2 WHERE customer_id = $3 AND subscription_id = $4
		AND NOT EXISTS (SELECT 1 FROM subscription_identifiers x WHERE x.kind = subscription_identifiers.kind AND x.source = subscription_identifiers.source
			AND x.value = subscription_identifiers.value AND x.customer_id = $1 AND NOT (x.customer_id = $3 AND x.subscription_id = $4))`,
		to.CustomerID, to.ID, from.CustomerID, from.ID); err != nil {
		return err
	}
	if err := tx.exec(ctx, "DELETE FROM subscription_identifiers WHERE customer_id = $1 AND subscription_id = $2", from.CustomerID, from.ID); err != nil {
		return err
	}
	for _, column := range []string{"phone_number", "sim_card_number", "provider_group", "is_group_sim", "business_id"} {
		if err := tx.exec(ctx, fmt.Sprintf(`UPDATE subscriptions SET %[1]s = COALESCE(%[1]s, (SELECT f.%[1]s FROM subscriptions f WHERE f.customer_id = $3 AND f.id = $4))
			WHERE customer_id = $1 AND id = $2`, column), to.CustomerID, to.ID, from.CustomerID, from.ID); err != nil {
			return err
		}
	}
	return tx.exec(ctx, "DELETE FROM subscriptions WHERE customer_id = $1 AND id = $2", from.CustomerID, from.ID)
}

// MergeCustomers makes one customer of two: what belongs to one of them goes to the other, and lines that both know by
// the same identifier become one. A client who sees either sees the one that is left, with all that was the other's.
func (tx *Tx) MergeCustomers(ctx context.Context, from, to int64) error {
	if from == to {
		return nil
	}
	var twins []struct {
		From int64 `db:"from_id"`
		To   int64 `db:"to_id"`
	}
	err := tx.tx.SelectContext(ctx, &twins, `SELECT DISTINCT f.subscription_id AS from_id, t.subscription_id AS to_id FROM subscription_identifiers f
		JOIN subscription_identifiers t ON t.kind = f.kind AND t.source = f.source AND t.value = f.value
		WHERE f.customer_id = $1 AND t.customer_id = $2 ORDER BY 1, 2`, from, to)
	if err != nil {
		return fmt.Errorf("find lines in common: %w", err)
	}
	// A line of one customer may be two of the other's: then those are one, too.
	moved := map[int64]int64{}
	final := func(id int64) int64 {
		for next, ok := moved[id]; ok; next, ok = moved[id] {
			id = next
		}
		return id
	}
	for _, t := range twins {
		source, into := Key{from, t.From}, Key{to, final(t.To)}
		if _, done := moved[t.From]; done {
			source = Key{to, final(t.From)}
		}
		if source == into {
			continue
		}
		if err := tx.MergeSubscriptions(ctx, source, into); err != nil {
			return err
		}
		moved[source.ID] = into.ID
	}
	tables := append([]string{"subscriptions", "subscription_identifiers", "customer_identifiers"}, recordTables...)
	for _, part := range partTables {
		tables = append(tables, part[0])
	}
	for _, table := range tables {
		if err := tx.exec(ctx, "UPDATE "+table+" SET customer_id = $1 WHERE customer_id = $2", to, from); err != nil {
			return err
		}
	}
	if err := tx.mergeClients(ctx, from, to); err != nil {
		return err
	}
	if err := tx.exec(ctx, "UPDATE customers SET name = COALESCE(name, (SELECT f.name FROM customers f WHERE f.customer_id = $2)) WHERE customer_id = $1", to, from); err != nil {
		return err
	}
	return tx.exec(ctx, "DELETE FROM customers WHERE customer_id = $1", from)
}

func (tx *Tx) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := tx.tx.ExecContext(ctx, sql, args...); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return nil
}

// Suggestion is a pair of customers who share phone numbers, each by an id that a system knows him by.
type Suggestion struct {
	SourceA Source  `db:"source_a"`
	ValueA  string  `db:"value_a"`
	NameA   *string `db:"name_a"`
	SourceB Source  `db:"source_b"`
	ValueB  string  `db:"value_b"`
	NameB   *string `db:"name_b"`
	// Shared is how many numbers they share.
	Shared int `db:"shared"`
}

// SuggestLinks returns the pairs of customers who share phone numbers, those that share most first.
func (s *Store) SuggestLinks(ctx context.Context) ([]Suggestion, error) {
	var pairs []Suggestion
	err := s.read.SelectContext(ctx, &pairs, `SELECT a.source AS source_a, a.source_id AS value_a, a.name AS name_a,
			b.source AS source_b, b.source_id AS value_b, b.name AS name_b, p.shared
		FROM (SELECT x.customer_id AS a, y.customer_id AS b, COUNT(*) AS shared FROM subscription_identifiers x
			JOIN subscription_identifiers y ON y.kind = x.kind AND y.source = x.source AND y.value = x.value AND y.customer_id > x.customer_id
			WHERE x.kind = 'MSISDN' AND x.customer_id <> 0 GROUP BY x.customer_id, y.customer_id) p
		JOIN customers a ON a.customer_id = p.a JOIN customers b ON b.customer_id = p.b
		ORDER BY p.shared DESC, p.a, p.b`)
	if err != nil {
		return nil, fmt.Errorf("suggest links: %w", err)
	}
	return pairs, nil
}
