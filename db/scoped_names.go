package db

import "context"

// scopedName is the position of an identifier without times; it differs from those of holdings.
const scopedName = -1

// UpdateScopedNames stores the numbers and cards that only scoped records of some subscriptions have (see Claim.Scoped),
// as identifiers without times. They make the subscriptions known by name, and are no holdings.
func (tx *Tx) UpdateScopedNames(ctx context.Context, subscriptions []Key) error {
	if len(subscriptions) == 0 {
		return nil
	}
	c := tx.compiler()
	err := tx.exec(ctx, `DELETE FROM subscription_identifiers WHERE kind <> 'SOURCE_ID' AND customer_id <> 0 AND valid_from IS NULL
		AND (customer_id, subscription_id) IN (SELECT k.customer_id, k.id FROM `+c.dialect.keys(c, subscriptions)+")", c.args...)
	if err != nil {
		return err
	}
	c = tx.compiler()
	k := c.dialect.keys(c, subscriptions)
	names, err := selectAll[namedKey](ctx, tx, c, `SELECT k.customer_id, k.id, t.subscription_name AS name FROM `+k+`
			JOIN usage_records t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.scoped AND t.subscription_name IS NOT NULL
		UNION SELECT k.customer_id, k.id, t.number_name FROM `+k+` JOIN usage_summaries t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.scoped AND t.number_name IS NOT NULL
		UNION SELECT k.customer_id, k.id, t.card_name FROM `+k+` JOIN usage_summaries t ON t.customer_id = k.customer_id AND t.subscription_id = k.id WHERE t.scoped AND t.card_name IS NOT NULL`)
	if err != nil {
		return err
	}
	rows := make([]*SubscriptionIdentifier, len(names))
	for i, n := range names {
		rows[i] = &SubscriptionIdentifier{Kind: n.Name.Kind(), SourceName: n.Name.Source(), Value: n.Name.Value(), CustomerID: n.CustomerID, SubscriptionID: n.ID, Position: scopedName}
	}
	return tx.AddIdentifiers(ctx, rows)
}

// withoutHeldNames returns identifiers, in the order of the table, without those of scoped records of which the
// subscription has holdings, too.
func withoutHeldNames(rows []*SubscriptionIdentifier) []*SubscriptionIdentifier {
	kept := rows[:0]
	for i, row := range rows {
		if row.Position == scopedName && i+1 < len(rows) {
			if next := rows[i+1]; next.Owner() == row.Owner() && next.Kind == row.Kind && next.SourceName == row.SourceName && next.Value == row.Value {
				continue
			}
		}
		kept = append(kept, row)
	}
	return kept
}
