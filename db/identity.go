package db

import (
	"context"
	"crypto/rand"
	"fmt"
)

// Revise starts a change of records: it increments the revision and sets a new mark. Other writers block until the
// transaction ends, so that two imports never store the same new customer twice.
func (tx *Tx) Revise(ctx context.Context) error {
	if _, err := tx.tx.ExecContext(ctx, tx.store.dialect.byIndex); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	if err := tx.tx.GetContext(ctx, &tx.revision, "UPDATE revision SET number = number + 1 RETURNING number"); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	return tx.mark(ctx)
}

// mark sets a new random mark.
func (tx *Tx) mark(ctx context.Context) error {
	if _, err := tx.tx.ExecContext(ctx, "UPDATE revision_mark SET mark = $1", rand.Text()); err != nil {
		return fmt.Errorf("mark the revision: %w", err)
	}
	return nil
}

// Revision returns the revision that Revise set, or 0 before Revise.
func (tx *Tx) Revision() int64 { return tx.revision }

// Now returns the time of the store's clock.
func (tx *Tx) Now() Time { return TimeOf(tx.store.clock()) }

// NextID returns a new id.
func (tx *Tx) NextID() int64 { return tx.store.ids.Next() }

// CustomersBySource returns the customers with the given ids in a source, by id. Unknown ids are left out.
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

// AddCustomers stores new customers. Source and SourceID of each become its first identifier.
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

// AddCustomerIdentifiers stores further identifiers of customers. It updates Source and SourceID of each customer to
// the least of its identifiers.
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

// nameCustomers sets source and source_id of customers to the least of their identifiers.
func (tx *Tx) nameCustomers(ctx context.Context, ids []int64) error {
	c := tx.compiler()
	least := "(SELECT i.%s FROM customer_identifiers i WHERE i.customer_id = customers.customer_id ORDER BY i.source, i.value LIMIT 1)"
	return tx.exec(ctx, "UPDATE customers SET source = "+fmt.Sprintf(least, "source")+", source_id = "+fmt.Sprintf(least, "value")+
		" WHERE customer_id"+tx.inLongs(c, ids), c.args...)
}

// inLongs returns the operator and the right side of a condition for a column with one of some integers.
func (tx *Tx) inLongs(c *compiler, ids []int64) string {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	return c.dialect.in(c, "bigint", values)
}

// RenameCustomers sets the name of each customer to the one in its latest usage record that has a customer name.
func (tx *Tx) RenameCustomers(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	c := tx.compiler()
	// The subquery for the latest time lets SQLite use an index. Without it, SQLite would sort all records of the
	// customer.
	return tx.exec(ctx, `UPDATE customers SET name = (SELECT t.customer_name FROM usage_records t
			WHERE t.customer_id = customers.customer_id AND t.customer_name IS NOT NULL AND t.event_time = (SELECT MAX(m.event_time) FROM usage_records m
				WHERE m.customer_id = customers.customer_id AND m.customer_name IS NOT NULL)
			ORDER BY t.source DESC, t.source_id DESC LIMIT 1)
		WHERE customer_id`+tx.inLongs(c, ids), c.args...)
}

// DropEmptyCustomers deletes those of the customers that have no records. It keeps customers that are linked, that have
// an assignment, or that are in the scope of an API client.
func (tx *Tx) DropEmptyCustomers(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	c := tx.compiler()
	return tx.dropEmptyCustomers(ctx, c, " AND c.customer_id"+tx.inLongs(c, ids))
}

// dropEmptyCustomers is DropEmptyCustomers for the customers c that satisfy an SQL condition. An empty condition
// selects all.
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
		if err := tx.exec(ctx, "DELETE FROM "+table+" WHERE customer_id"+tx.inLongs(c, gone), c.args...); err != nil {
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
