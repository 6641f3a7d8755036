package db

import (
	"context"
	"crypto/rand"
	"fmt"
)

// Revise begins to change records: other writers wait until the transaction ends, since two that met a new customer at
// once would store them twice, and the records get a new revision, with a new mark.
func (tx *Tx) Revise(ctx context.Context) error {
	if _, err := tx.tx.ExecContext(ctx, tx.store.dialect.byIndex); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	if err := tx.tx.GetContext(ctx, &tx.revision, "UPDATE revision SET number = number + 1 RETURNING number"); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	return tx.mark(ctx)
}

// mark gives the records a new mark.
func (tx *Tx) mark(ctx context.Context) error {
	if _, err := tx.tx.ExecContext(ctx, "UPDATE revision_mark SET mark = $1", rand.Text()); err != nil {
		return fmt.Errorf("mark the revision: %w", err)
	}
	return nil
}

// Revision returns the revision that Revise gave. No other writer has changed a record since the one before it.
func (tx *Tx) Revision() int64 { return tx.revision }

// Now returns the time of the store's clock.
func (tx *Tx) Now() Time { return TimeOf(tx.store.clock()) }

// NextID returns a new id.
func (tx *Tx) NextID() int64 { return tx.store.ids.Next() }

// CustomersBySource returns the customers that a source knows by these ids.
func (tx *Tx) CustomersBySource(ctx context.Context, source Source, ids []string) (map[string]*Customer, error) {
	c := tx.compiler()
	var rows []struct {
		Value string `db:"value"`
		Customer
	}
	sql := `SELECT i.value, t.customer_id, t.source, t.source_id, t.name FROM customer_identifiers i
		JOIN customers t ON t.customer_id = i.customer_id WHERE (i.source, i.value) IN ` + c.dialect.tuples(c, []string{string(source)}, ids)
	if err := tx.tx.SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("find customers: %w", err)
	}
	found := make(map[string]*Customer, len(rows))
	for _, r := range rows {
		found[r.Value] = &r.Customer
	}
	return found, nil
}

// AddCustomers stores new customers, each known by its Source and SourceID.
func (tx *Tx) AddCustomers(ctx context.Context, list []*Customer) error {
	identifiers := make([]*CustomerIdentifier, len(list))
	for i, c := range list {
		identifiers[i] = &CustomerIdentifier{Source: c.Source, Value: c.SourceID, CustomerID: c.CustomerID}
	}
	if err := insertAll(ctx, tx, &customers.relation, list); err != nil {
		return err
	}
	return tx.addIdentifiers(ctx, identifiers)
}

// AddCustomerIdentifiers stores further names of customers, whose Source and SourceID stay the least of all of them.
func (tx *Tx) AddCustomerIdentifiers(ctx context.Context, list []*CustomerIdentifier) error {
	if err := tx.addIdentifiers(ctx, list); err != nil {
		return err
	}
	ids := make([]int64, len(list))
	for i, identifier := range list {
		ids[i] = identifier.CustomerID
	}
	return tx.nameCustomers(ctx, ids)
}

func (tx *Tx) addIdentifiers(ctx context.Context, list []*CustomerIdentifier) error {
	for _, i := range list {
		i.hashID()
	}
	return insertAll(ctx, tx, &customerIdentifiers.relation, list)
}

// nameCustomers has customers named by the least of their identifiers.
func (tx *Tx) nameCustomers(ctx context.Context, ids []int64) error {
	c := tx.compiler()
	least := "(SELECT i.%s FROM customer_identifiers i WHERE i.customer_id = customers.customer_id ORDER BY i.source, i.value LIMIT 1)"
	return tx.exec(ctx, "UPDATE customers SET source = "+fmt.Sprintf(least, "source")+", source_id = "+fmt.Sprintf(least, "value")+
		" WHERE customer_id IN "+tx.longs(c, ids), c.args...)
}

// longs returns a list of whole numbers as the right side of IN.
func (tx *Tx) longs(c *compiler, ids []int64) string {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return c.dialect.set(c, "bigint", values)
}

// RenameCustomers gives customers the name of their latest record that has one.
func (tx *Tx) RenameCustomers(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	c := tx.compiler()
	// Asked for the latest time first, SQLite finds it in an index; otherwise it would sort all records of the customer.
	return tx.exec(ctx, `UPDATE customers SET name = (SELECT t.customer_name FROM usage_records t
			WHERE t.customer_id = customers.customer_id AND t.customer_name IS NOT NULL AND t.event_time = (SELECT MAX(m.event_time) FROM usage_records m
				WHERE m.customer_id = customers.customer_id AND m.customer_name IS NOT NULL)
			ORDER BY t.source DESC, t.source_id DESC LIMIT 1)
		WHERE customer_id IN `+tx.longs(c, ids), c.args...)
}

// DropEmptyCustomers deletes those of the customers that no document names any more. It keeps customers that are linked
// with others, that have an assignment, and that are in the scope of a client.
func (tx *Tx) DropEmptyCustomers(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	c := tx.compiler()
	return tx.dropEmptyCustomers(ctx, c, " AND c.customer_id IN "+tx.longs(c, ids))
}

// dropEmptyCustomers is DropEmptyCustomers for those customers c that also meet a condition, which is empty for all.
func (tx *Tx) dropEmptyCustomers(ctx context.Context, c *compiler, condition string) error {
	empty := `SELECT c.customer_id FROM customers c
		WHERE NOT EXISTS (SELECT 1 FROM usage_records t WHERE t.customer_id = c.customer_id)
		AND NOT EXISTS (SELECT 1 FROM usage_summaries t WHERE t.customer_id = c.customer_id)
		AND NOT EXISTS (SELECT 1 FROM customer_identifiers i JOIN api_client_identifiers t ON t.source = i.source AND t.value = i.value WHERE i.customer_id = c.customer_id)
		AND NOT EXISTS (SELECT 1 FROM customer_identifiers i JOIN assignments t ON t.customer_source = i.source AND t.customer_value = i.value WHERE i.customer_id = c.customer_id)
		AND (SELECT COUNT(*) FROM customer_identifiers t WHERE t.customer_id = c.customer_id) = 1` + condition
	var gone []int64
	if err := tx.tx.SelectContext(ctx, &gone, empty, c.args...); err != nil || len(gone) == 0 {
		return err
	}
	for _, table := range []string{"customer_identifiers", "customers"} {
		c := tx.compiler()
		if err := tx.exec(ctx, "DELETE FROM "+table+" WHERE customer_id IN "+tx.longs(c, gone), c.args...); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := tx.tx.ExecContext(ctx, sql, args...); err != nil {
		return fmt.Errorf("attribute records: %w", err)
	}
	return nil
}

func selectAll[T any](ctx context.Context, tx *Tx, c *compiler, sql string) ([]T, error) {
	var rows []T
	if c.err != nil {
		return nil, c.err
	}
	if err := tx.tx.SelectContext(ctx, &rows, sql, c.args...); err != nil {
		return nil, fmt.Errorf("attribute records: %w", err)
	}
	return rows, nil
}
