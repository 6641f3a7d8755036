package db

import (
	"context"
	"fmt"
)

// Revise begins to change records: it makes other writers wait until the transaction ends, since two that met a new
// customer at once would make two of him, and gives the records a new revision.
func (tx *Tx) Revise(ctx context.Context) error {
	if _, err := tx.tx.ExecContext(ctx, tx.store.dialect.byIndex); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	if err := tx.tx.GetContext(ctx, &tx.revision, "UPDATE revision SET number = number + 1 RETURNING number"); err != nil {
		return fmt.Errorf("revise: %w", err)
	}
	return nil
}

// Revision returns the revision that Revise gave. Nobody else has changed a record since the one before it.
func (tx *Tx) Revision() int64 { return tx.revision }

// NextID returns a new id.
func (tx *Tx) NextID() int64 { return tx.store.ids.Next() }

// CustomersBySource returns the customers whom a source knows by these ids.
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
		identifiers[i] = &CustomerIdentifier{c.Source, c.SourceID, c.CustomerID}
	}
	if err := insertAll(ctx, tx, &customers.relation, list); err != nil {
		return err
	}
	return tx.AddCustomerIdentifiers(ctx, identifiers)
}

// AddCustomerIdentifiers stores new names of customers.
func (tx *Tx) AddCustomerIdentifiers(ctx context.Context, list []*CustomerIdentifier) error {
	return insertAll(ctx, tx, &customerIdentifiers.relation, list)
}

// RenameCustomer stores a customer's name.
func (tx *Tx) RenameCustomer(ctx context.Context, customerID int64, name string) error {
	_, err := tx.tx.ExecContext(ctx, "UPDATE customers SET name = $1 WHERE customer_id = $2", name, customerID)
	if err != nil {
		return fmt.Errorf("rename customer: %w", err)
	}
	return nil
}

// SubscriptionsByIdentifier returns the identifiers of one kind and source ("" for MSISDN) that have these values,
// whosever they are.
func (tx *Tx) SubscriptionsByIdentifier(ctx context.Context, kind IdentifierKind, source Source, values []string) ([]*SubscriptionIdentifier, error) {
	c := tx.compiler()
	var found []*SubscriptionIdentifier
	sql := "SELECT kind, source, value, customer_id, subscription_id FROM subscription_identifiers WHERE (kind, source, value) IN " +
		c.dialect.tuples(c, []string{string(kind), string(source)}, values) + " ORDER BY customer_id, subscription_id"
	if err := tx.tx.SelectContext(ctx, &found, sql, c.args...); err != nil {
		return nil, fmt.Errorf("find lines: %w", err)
	}
	return found, nil
}

// Subscriptions returns those of the lines that there are.
func (tx *Tx) Subscriptions(ctx context.Context, keys []Key) ([]*ServiceSubscription, error) {
	c := tx.compiler()
	var found []*ServiceSubscription
	sql := `SELECT t.customer_id, t.id, t.source, t.source_id, t.phone_number, t.sim_card_number, t.provider_group, t.is_group_sim, t.business_id
		FROM ` + tx.store.dialect.keys(c, keys) + " JOIN subscriptions t ON t.customer_id = k.customer_id AND t.id = k.id"
	if err := tx.tx.SelectContext(ctx, &found, sql, c.args...); err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	return found, nil
}

// AddSubscriptions stores new lines.
func (tx *Tx) AddSubscriptions(ctx context.Context, list []*ServiceSubscription) error {
	return insertAll(ctx, tx, &subscriptions.relation, list)
}

// AddSubscriptionIdentifiers stores new names of lines.
func (tx *Tx) AddSubscriptionIdentifiers(ctx context.Context, list []*SubscriptionIdentifier) error {
	return insertAll(ctx, tx, &subscriptionIdentifiers.relation, list)
}

// UpdateSubscription stores what has changed of a line.
func (tx *Tx) UpdateSubscription(ctx context.Context, s *ServiceSubscription) error {
	_, err := tx.tx.ExecContext(ctx, `UPDATE subscriptions SET phone_number = $1, sim_card_number = $2, provider_group = $3,
		is_group_sim = $4, business_id = $5 WHERE customer_id = $6 AND id = $7`,
		s.PhoneNumber, s.SimCardNumber, s.ProviderGroup, s.IsGroupSim, s.BusinessID, s.CustomerID, s.ID)
	if err != nil {
		return fmt.Errorf("update line: %w", err)
	}
	return nil
}
