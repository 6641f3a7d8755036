package db

import (
	"context"
	"fmt"
)

// recordTables are the tables of records that have a customer and a subscription_id. partTables are the tables of their
// parts.
var (
	recordTables = []string{"usage_records", "usage_summaries", "consumption_reports", "buckets"}
	partTables   = []string{"rated_usages", "usage_summary_lines", "bucket_balances", "bucket_counters"}
)

// MergeCustomers moves all records of customer from to customer to and deletes customer from. Subscriptions of both
// with the same own id, or with the same subscription name and no own id, become one. It deletes all number and card
// identifiers of both: the caller must compute the holdings again.
func (tx *Tx) MergeCustomers(ctx context.Context, from, to int64) error {
	if from == to {
		return nil
	}
	// The subscriptions that both customers have. MATERIALIZED lets SQLite build an index for the join.
	duplicates, err := selectArgs[struct {
		From int64 `db:"from_id"`
		To   int64 `db:"to_id"`
	}](ctx, tx, `WITH f AS MATERIALIZED (SELECT id, subscription_name, source, source_id FROM subscriptions WHERE customer_id = $1),
			t AS MATERIALIZED (SELECT id, subscription_name, source, source_id FROM subscriptions WHERE customer_id = $2)
		SELECT f.id AS from_id, t.id AS to_id FROM f JOIN t ON t.subscription_name = f.subscription_name
		UNION ALL SELECT f.id, t.id FROM f JOIN t ON t.source = f.source AND t.source_id = f.source_id WHERE f.subscription_name IS NULL AND t.subscription_name IS NULL`, from, to)
	if err != nil {
		return err
	}
	for _, id := range []int64{from, to} {
		if err := tx.exec(ctx, "DELETE FROM subscription_identifiers WHERE customer_id = $1 AND kind <> 'SOURCE_ID'", id); err != nil {
			return err
		}
	}
	for _, t := range duplicates {
		for _, table := range recordTables {
			if err := tx.exec(ctx, "UPDATE "+table+" SET subscription_id = $1 WHERE customer_id = $2 AND subscription_id = $3", t.To, from, t.From); err != nil {
				return err
			}
		}
		for _, table := range [][2]string{{"subscription_identifiers", "subscription_id"}, {"subscriptions", "id"}} {
			if err := tx.exec(ctx, "DELETE FROM "+table[0]+" WHERE customer_id = $1 AND "+table[1]+" = $2", from, t.From); err != nil {
				return err
			}
		}
	}
	tables := append([]string{"subscriptions", "subscription_identifiers", "customer_identifiers"}, recordTables...)
	for _, table := range append(tables, partTables...) {
		if err := tx.exec(ctx, "UPDATE "+table+" SET customer_id = $1 WHERE customer_id = $2", to, from); err != nil {
			return err
		}
	}
	if err := tx.exec(ctx, "DELETE FROM customers WHERE customer_id = $1", from); err != nil {
		return err
	}
	if err := tx.nameCustomers(ctx, []int64{to}); err != nil {
		return err
	}
	return tx.RenameCustomers(ctx, []int64{to})
}

// SubscriptionNames returns the subscription names in the records of subscriptions, for records that name their
// customer.
func (tx *Tx) SubscriptionNames(ctx context.Context, keys []Key) ([]NamedSubscription, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	k := c.dialect.keys(c, keys)
	rows, err := selectAll[namedKey](ctx, tx, c, `SELECT DISTINCT k.customer_id, k.id, t.subscription_name AS name FROM `+k+`
			JOIN usage_records t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.subscription_name IS NOT NULL AND t.source_customer_id IS NOT NULL
		UNION SELECT k.customer_id, k.id, t.number_name FROM `+k+` JOIN usage_summaries t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.number_name IS NOT NULL
		UNION SELECT k.customer_id, k.id, t.card_name FROM `+k+` JOIN usage_summaries t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.card_name IS NOT NULL`)
	named := make([]NamedSubscription, len(rows))
	for i, r := range rows {
		named[i] = NamedSubscription{Key{r.CustomerID, r.ID}, r.Name}
	}
	return named, err
}

func selectArgs[T any](ctx context.Context, tx *Tx, sql string, args ...any) ([]T, error) {
	return selectAll[T](ctx, tx, &compiler{dialect: tx.store.dialect, args: args}, sql)
}

// Suggestion is a pair of customers that share phone numbers, each with one of its identifiers.
type Suggestion struct {
	SourceA Source  `db:"source_a"`
	ValueA  string  `db:"value_a"`
	NameA   *string `db:"name_a"`
	SourceB Source  `db:"source_b"`
	ValueB  string  `db:"value_b"`
	NameB   *string `db:"name_b"`
	// Shared is the number of phone numbers that both have.
	Shared int `db:"shared"`
}

// SuggestLinks returns the pairs of customers of different systems that share phone numbers, by descending number of
// shared ones.
func (s *Store) SuggestLinks(ctx context.Context) ([]Suggestion, error) {
	var pairs []Suggestion
	err := s.pools.Read.SelectContext(ctx, &pairs, `SELECT a.source AS source_a, a.source_id AS value_a, a.name AS name_a,
			b.source AS source_b, b.source_id AS value_b, b.name AS name_b, p.shared
		FROM (SELECT x.customer_id AS a, y.customer_id AS b, COUNT(DISTINCT x.value) AS shared FROM subscription_identifiers x
			JOIN subscription_identifiers y ON y.kind = x.kind AND y.source = x.source AND y.value = x.value AND y.customer_id > x.customer_id
			WHERE x.kind = 'MSISDN' AND x.source = '' AND x.customer_id <> 0 AND x.valid_from IS NOT NULL AND y.valid_from IS NOT NULL GROUP BY x.customer_id, y.customer_id) p
		JOIN customers a ON a.customer_id = p.a JOIN customers b ON b.customer_id = p.b
		WHERE NOT EXISTS (SELECT 1 FROM customer_identifiers i JOIN customer_identifiers j ON j.source = i.source AND j.customer_id = p.b WHERE i.customer_id = p.a)
		ORDER BY p.shared DESC, p.a, p.b`)
	if err != nil {
		return nil, fmt.Errorf("suggest links: %w", err)
	}
	return pairs, nil
}
