package db

import "context"

// hiddenSubscriptionKeys adds the keys of the subscriptions whose global ids contain a hash. It finds them among the
// subscriptions of the customers in the global ids.
func (r *Reader) hiddenSubscriptionKeys(ctx context.Context, ids []ID, keys map[ID]Key) error {
	if len(ids) == 0 {
		return nil
	}
	wanted := make(map[ID]bool, len(ids))
	customers := make([]ID, len(ids))
	for i, id := range ids {
		wanted[id] = true
		customers[i] = ID{Type: TypeCustomer, Source: id.Source, Value: id.Customer}
	}
	ofCustomers, err := r.NodeKeys(ctx, customers)
	if err != nil {
		return err
	}
	return r.subscriptionsOfCustomers(ctx, wanted, ofCustomers, keys)
}

// identifierOfCustomer is an identifier of a subscription with an identifier of its customer.
type identifierOfCustomer struct {
	CustomerSource Source         `db:"customer_source"`
	CustomerName   string         `db:"customer_name"`
	Kind           IdentifierKind `db:"kind"`
	Source         Source         `db:"source"`
	Value          string         `db:"value"`
	CustomerID     int64          `db:"customer_id"`
	SubscriptionID int64          `db:"subscription_id"`
	ValidTo        *Time          `db:"valid_to"`
}

// id returns the global id that these identifiers give the subscription.
func (i *identifierOfCustomer) id() ID {
	switch {
	case i.Kind == SourceOwnID && i.Source != i.CustomerSource:
		return assignedSubscriptionGlobalID(i.CustomerSource, i.CustomerName, SourceID{i.Source, i.Value})
	case i.Kind == SourceOwnID:
		return subscriptionGlobalID(i.CustomerSource, i.CustomerName, i.Value, "")
	}
	return subscriptionGlobalID(i.CustomerSource, i.CustomerName, "", SubscriptionNameOf(i.Kind, i.Source, i.Value))
}

// later reports whether the subscription held the number later than another one.
func (i *identifierOfCustomer) later(than *identifierOfCustomer) bool {
	switch {
	case than == nil || i.ValidTo != nil && than.ValidTo == nil:
		return true
	case sameTime(i.ValidTo, than.ValidTo):
		return i.SubscriptionID < than.SubscriptionID
	}
	return i.ValidTo != nil && i.ValidTo.After(than.ValidTo.Time)
}

// subscriptionsOfCustomers adds the keys of the wanted global ids among the subscriptions of customers. A number stands
// for its latest holder.
func (r *Reader) subscriptionsOfCustomers(ctx context.Context, wanted map[ID]bool, customers map[ID]Key, keys map[ID]Key) error {
	if len(customers) == 0 {
		return nil
	}
	c := r.compiler()
	ids := make([]any, 0, len(customers))
	for _, key := range customers {
		ids = append(ids, key.CustomerID)
	}
	var rows []*identifierOfCustomer
	err := unscoped{r}.SelectContext(ctx, &rows, `SELECT c.source AS customer_source, c.value AS customer_name, i.kind, i.source, i.value, i.customer_id, i.subscription_id, i.valid_to
		FROM customer_identifiers c JOIN subscription_identifiers i ON i.customer_id = c.customer_id
		WHERE c.customer_id`+c.dialect.in(c, "bigint", ids), c.args...)
	if err != nil {
		return err
	}
	latest := map[ID]*identifierOfCustomer{}
	for _, row := range rows {
		if id := row.id(); wanted[id] && row.later(latest[id]) {
			latest[id] = row
			keys[id] = Key{row.CustomerID, row.SubscriptionID}
		}
	}
	return nil
}
