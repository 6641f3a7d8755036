package db

import (
	"context"
	"fmt"
	"slices"
)

// SplitCustomer reverses MergeCustomers. It moves the identifiers, the records whose documents name one of them, and
// the subscriptions of these records to a new customer, whose id it returns. A subscription with records of both
// customers is split. It deletes all number and card identifiers of the customer: the caller must compute the holdings
// again and assign the records that name a subscription by number alone.
func (tx *Tx) SplitCustomer(ctx context.Context, from int64, identifiers []SourceID) (to int64, err error) {
	s := &split{tx: tx, from: from, to: tx.NextID(), identifiers: identifiers}
	for _, step := range []func(context.Context) error{
		s.moveIdentifiers, s.moveSubscriptions, s.divideSubscriptions, s.moveParts,
		func(ctx context.Context) error { return tx.nameCustomers(ctx, []int64{from, s.to}) },
		func(ctx context.Context) error { return tx.RenameCustomers(ctx, []int64{from, s.to}) },
	} {
		if err := step(ctx); err != nil {
			return 0, fmt.Errorf("split customer: %w", err)
		}
	}
	return s.to, nil
}

// split holds the state of SplitCustomer.
type split struct {
	tx          *Tx
	from, to    int64
	identifiers []SourceID
	// divided holds the subscriptions with records of both customers.
	divided []int64
}

// identifierRow is a SourceID as a row of a relation.
type identifierRow struct {
	Source Source `db:"source"`
	Value  string `db:"value"`
}

// named returns the condition that a record t names one of the identifiers as its customer.
func (s *split) named(c *compiler) string {
	return "(t.source, t.source_customer_id) IN (SELECT v.source, v.value FROM " + rowsOf(c, s.rows()) + ")"
}

func (s *split) rows() []identifierRow {
	rows := make([]identifierRow, len(s.identifiers))
	for i, id := range s.identifiers {
		rows[i] = identifierRow(id)
	}
	return rows
}

func (s *split) moveIdentifiers(ctx context.Context) error {
	least := slices.MinFunc(s.identifiers, func(a, b SourceID) int {
		if a.less(b) {
			return -1
		}
		return 1
	})
	if err := insertAll(ctx, s.tx, &customers.relation, []*Customer{{CustomerID: s.to, Source: least.Source, SourceID: least.Value}}); err != nil {
		return err
	}
	c := s.tx.compiler()
	err := s.tx.exec(ctx, "UPDATE customer_identifiers SET customer_id = "+c.bind(s.to)+" WHERE customer_id = "+c.bind(s.from)+
		" AND (source, value) IN (SELECT v.source, v.value FROM "+rowsOf(c, s.rows())+")", c.args...)
	if err != nil {
		return err
	}
	return s.tx.exec(ctx, "DELETE FROM subscription_identifiers WHERE customer_id = $1 AND kind <> 'SOURCE_ID'", s.from)
}

// moveSubscriptions moves the subscriptions of which all records with a customer name the new one, with their records.
// It also moves the records of the new customer that have no subscription.
func (s *split) moveSubscriptions(ctx context.Context) error {
	whole, err := s.classify(ctx)
	if err != nil {
		return err
	}
	keys := make([]Key, len(whole))
	for i, id := range whole {
		keys[i] = Key{s.from, id}
	}
	if len(keys) > 0 {
		tables := [][2]string{{"subscriptions", "id"}, {"subscription_identifiers", "subscription_id"}}
		for _, table := range recordTables {
			tables = append(tables, [2]string{table, "subscription_id"})
		}
		for _, table := range tables {
			c := s.tx.compiler()
			err := s.tx.exec(ctx, fmt.Sprintf("UPDATE %s SET customer_id = %s WHERE (customer_id, %s) IN (SELECT k.customer_id, k.id FROM %s)",
				table[0], c.bind(s.to), table[1], c.dialect.keys(c, keys)), c.args...)
			if err != nil {
				return err
			}
		}
	}
	for _, table := range []string{"usage_records", "usage_summaries"} {
		c := s.tx.compiler()
		err := s.tx.exec(ctx, "UPDATE "+table+" AS t SET customer_id = "+c.bind(s.to)+" WHERE t.customer_id = "+c.bind(s.from)+
			" AND t.subscription_id IS NULL AND "+s.named(c), c.args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// classify returns the subscriptions of which all records with a customer name the new one, and sets divided.
func (s *split) classify(ctx context.Context) (whole []int64, err error) {
	c := s.tx.compiler()
	named := s.named(c)
	one := "SELECT t.subscription_id AS id, CASE WHEN " + named + " THEN 1 ELSE 0 END AS goes FROM %s t WHERE t.customer_id = " + c.bind(s.from) +
		" AND t.subscription_id IS NOT NULL AND t.source_customer_id IS NOT NULL"
	groups, err := selectAll[struct {
		ID    int64 `db:"id"`
		Least int   `db:"least"`
	}](ctx, s.tx, c, "SELECT x.id, MIN(x.goes) AS least FROM ("+fmt.Sprintf(one, "usage_records")+" UNION ALL "+fmt.Sprintf(one, "usage_summaries")+
		") x GROUP BY x.id HAVING MAX(x.goes) = 1")
	for _, g := range groups {
		if g.Least == 1 {
			whole = append(whole, g.ID)
		} else {
			s.divided = append(s.divided, g.ID)
		}
	}
	return whole, err
}

// moveParts moves the parts of the moved records.
func (s *split) moveParts(ctx context.Context) error {
	err := s.tx.exec(ctx, `UPDATE buckets SET customer_id = $1, subscription_id = (SELECT t.subscription_id FROM usage_summaries t WHERE t.customer_id = $1 AND t.id = buckets.summary_id)
		WHERE customer_id = $2 AND summary_id IN (SELECT t.id FROM usage_summaries t WHERE t.customer_id = $1)`, s.to, s.from)
	if err != nil {
		return err
	}
	for _, part := range []struct{ table, column, record string }{
		{"rated_usages", "usage_id", "usage_records"},
		{"usage_summary_lines", "summary_id", "usage_summaries"},
		{"bucket_balances", "bucket_id", "buckets"},
		{"bucket_counters", "bucket_id", "buckets"},
	} {
		err := s.tx.exec(ctx, fmt.Sprintf("UPDATE %s SET customer_id = $1 WHERE customer_id = $2 AND %s IN (SELECT t.id FROM %s t WHERE t.customer_id = $1)",
			part.table, part.column, part.record), s.to, s.from)
		if err != nil {
			return err
		}
	}
	return nil
}
