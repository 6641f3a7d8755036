package db

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// subscriptionKeys finds subscriptions by their ids: those with an own id by that and the customer, those of unattributed
// documents by their hash, and the others among the subscriptions of the customer.
func (r *Reader) subscriptionKeys(ctx context.Context, ids []ID, keys map[ID]Key) error {
	var own []nodeName
	hidden := map[ID]bool{}
	ofCustomers := map[ID]bool{}
	unattributed := map[string]ID{}
	for _, id := range ids {
		switch {
		case id.Source == "":
			unattributed[id.Value] = id
		case strings.HasPrefix(id.Value, hashMark), strings.HasPrefix(id.Customer, hashMark):
			hidden[id] = true
			ofCustomers[ID{Type: TypeCustomer, Source: id.Source, Value: id.Customer}] = true
		default:
			own = append(own, nodeName{id.Source, id.Customer, id.Value})
		}
	}
	if err := r.subscriptionsByOwnID(ctx, own, keys); err != nil {
		return err
	}
	if err := r.keysByHash(ctx, "subscriptions", "id", unattributed, keys); err != nil || len(hidden) == 0 {
		return err
	}
	customers := map[ID]Key{}
	if err := r.keysByName(ctx, namedTable{TypeCustomer, "customer_identifiers", "value", "customer_id"}, slices.Collect(maps.Keys(ofCustomers)), customers); err != nil {
		return err
	}
	return r.subscriptionsOfCustomers(ctx, hidden, customers, keys)
}

// subscriptionsByOwnID finds subscriptions by their customers' ids and their own. An id without a customer is that of a line
// of unattributed documents; where their customer is known by now, it finds that customer's, of several the least by name.
func (r *Reader) subscriptionsByOwnID(ctx context.Context, names []nodeName, keys map[ID]Key) error {
	if len(names) == 0 {
		return nil
	}
	c := r.compiler()
	// SQLite reads the tables of a CROSS JOIN in their order: the names first.
	var rows []*struct {
		nodeName
		Key
	}
	err := unscoped{r}.SelectContext(ctx, &rows, `SELECT v.source, v.customer, v.value, i.customer_id, i.subscription_id AS id FROM `+namesOf(c, names)+`
		CROSS JOIN subscription_identifiers i LEFT JOIN customer_identifiers c ON c.source = v.source AND c.value = v.customer
			LEFT JOIN customers o ON o.customer_id = i.customer_id
		WHERE i.kind = 'SOURCE_ID' AND i.source = v.source AND i.value = v.value AND (i.customer_id = c.customer_id OR v.customer = '')
		ORDER BY CASE WHEN i.customer_id = 0 THEN 1 ELSE 0 END, o.source DESC, o.source_id DESC`, c.args...)
	for _, row := range rows {
		keys[ID{TypeSubscription, row.Source, row.Customer, row.Value}] = row.Key
	}
	return err
}

// identifierOfCustomer is an identifier of a subscription with a name of its customer.
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

// id returns the id that the subscription has by these names.
func (i *identifierOfCustomer) id() ID {
	switch {
	case i.Kind == SourceOwnID && i.Source != i.CustomerSource:
		return assignedLineID(i.CustomerSource, i.CustomerName, SourceID{i.Source, i.Value})
	case i.Kind == SourceOwnID:
		return lineID(i.CustomerSource, i.CustomerName, i.Value, "")
	}
	return lineID(i.CustomerSource, i.CustomerName, "", LineNameOf(i.Kind, i.Source, i.Value))
}

// later reports whether the number was held later than by another subscription.
func (i *identifierOfCustomer) later(than *identifierOfCustomer) bool {
	switch {
	case than == nil || i.ValidTo != nil && than.ValidTo == nil:
		return true
	case sameTime(i.ValidTo, than.ValidTo):
		return i.SubscriptionID < than.SubscriptionID
	}
	return i.ValidTo != nil && i.ValidTo.After(than.ValidTo.Time)
}

// subscriptionsOfCustomers finds subscriptions by ids that are hashes, among all of their customers. A number stands for
// the subscription that held it latest.
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
		WHERE c.customer_id IN `+c.dialect.set(c, "bigint", ids), c.args...)
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
