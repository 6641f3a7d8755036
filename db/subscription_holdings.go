package db

import (
	"cmp"
	"context"
	"slices"
)

const identifierColumns = "t.kind, t.source, t.value, t.customer_id, t.subscription_id, t.position, t.valid_from, t.first_end, t.last_start, t.valid_to, t.disputed, t.assigned"

// IdentifiersByName returns the identifiers of all customers with the given kind, source and values. The source is
// empty for possible numbers and cards.
func (tx *Tx) IdentifiersByName(ctx context.Context, kind IdentifierKind, source Source, values []string) ([]*SubscriptionIdentifier, error) {
	c := tx.compiler()
	return selectAll[*SubscriptionIdentifier](ctx, tx, c, "SELECT "+identifierColumns+" FROM subscription_identifiers t WHERE (t.kind, t.source, t.value) IN "+
		c.dialect.tuples(c, []string{string(kind), string(source)}, values))
}

// IdentifiersOf returns the identifiers of subscriptions.
func (tx *Tx) IdentifiersOf(ctx context.Context, keys []Key) ([]*SubscriptionIdentifier, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	return selectAll[*SubscriptionIdentifier](ctx, tx, c, "SELECT "+identifierColumns+" FROM "+c.dialect.keys(c, keys)+
		" JOIN subscription_identifiers t ON t.customer_id = k.customer_id AND t.subscription_id = k.id")
}

// Subscriptions returns the subscriptions with the given keys. Missing ones are left out.
func (tx *Tx) Subscriptions(ctx context.Context, keys []Key) ([]*ServiceSubscription, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	c := tx.compiler()
	return selectAll[*ServiceSubscription](ctx, tx, c, `SELECT t.customer_id, t.id, t.source, t.source_id, t.subscription_name, t.phone_number, t.sim_card_number,
		t.provider_group, t.is_group_sim, t.business_id, t.source_customer_id, t.customer_source FROM `+c.dialect.keys(c, keys)+" JOIN subscriptions t ON t.customer_id = k.customer_id AND t.id = k.id")
}

// SubscriptionsOfCustomers returns the keys of all subscriptions of customers.
func (tx *Tx) SubscriptionsOfCustomers(ctx context.Context, ids []int64) ([]Key, error) {
	c := tx.compiler()
	return selectAll[Key](ctx, tx, c, "SELECT customer_id, id FROM subscriptions WHERE customer_id"+tx.inLongs(c, ids))
}

// AddSubscriptions stores new subscriptions.
func (tx *Tx) AddSubscriptions(ctx context.Context, list []*ServiceSubscription) error {
	for _, s := range list {
		s.hashID()
	}
	return insertAll(ctx, tx, &subscriptions.relation, list)
}

// AddIdentifiers stores new identifiers of subscriptions.
func (tx *Tx) AddIdentifiers(ctx context.Context, list []*SubscriptionIdentifier) error {
	return insertAll(ctx, tx, &subscriptionIdentifiers.relation, list)
}

// NameHoldings holds the holdings of a number or card, and its stored identifiers.
type NameHoldings struct {
	Name     SubscriptionName
	Holdings []Holding
	Rows     []*SubscriptionIdentifier
}

// ReplaceHoldings stores the holdings of numbers and cards. names[i].Rows must have all stored identifiers of the name;
// only rows that differ are written. It sets Rows to the new identifiers.
func (tx *Tx) ReplaceHoldings(ctx context.Context, names []NameHoldings) error {
	var add, update, extend, remove []*SubscriptionIdentifier
	for i := range names {
		before, rows := names[i].Rows, holdingRows(names[i].Name, names[i].Holdings)
		slices.SortFunc(before, compareHoldingRows)
		untimed := 0 // subscriptions of unattributed documents
		for untimed < len(before) && before[untimed].ValidFrom == nil {
			untimed++
		}
		names[i].Rows = slices.Concat(before[:untimed], rows)
		before = before[untimed:]
		for _, r := range rows {
			for len(before) > 0 && compareHoldingRows(before[0], r) < 0 {
				remove = append(remove, before[0])
				before = before[1:]
			}
			if len(before) == 0 || compareHoldingRows(before[0], r) > 0 {
				add = append(add, r)
				continue
			}
			switch old := before[0]; {
			case !old.sameStart(r):
				update = append(update, r)
			case !old.sameEnd(r):
				extend = append(extend, r)
			}
			before = before[1:]
		}
		remove = append(remove, before...)
	}
	if len(remove) > 0 {
		c := tx.compiler()
		err := tx.exec(ctx, `DELETE FROM subscription_identifiers WHERE (kind, source, value, customer_id, subscription_id, position) IN
			(SELECT v.kind, v.source, v.value, v.customer_id, v.subscription_id, v.position FROM `+rowsOf(c, values(remove))+")", c.args...)
		if err != nil {
			return err
		}
	}
	if err := updateHoldings(ctx, tx, update, func(r *SubscriptionIdentifier) holdingTimes {
		return holdingTimes{r.ValidFrom, r.FirstEnd, r.LastStart, r.ValidTo, r.Disputed, r.Assigned, holdingKeyOf(r)}
	}); err != nil {
		return err
	}
	if err := updateHoldings(ctx, tx, extend, func(r *SubscriptionIdentifier) holdingEnd {
		return holdingEnd{r.LastStart, r.ValidTo, holdingKeyOf(r)}
	}); err != nil {
		return err
	}
	return tx.AddIdentifiers(ctx, add)
}

// holdingKey identifies an identifier that is a number or card. It has no kind: a number and a card of one subscription
// never have the same value.
type holdingKey struct {
	CustomerID     int64  `db:"customer_id"`
	SubscriptionID int64  `db:"subscription_id"`
	Source         Source `db:"source"`
	Value          string `db:"value"`
	Position       int32  `db:"position"`
}

func holdingKeyOf(r *SubscriptionIdentifier) holdingKey {
	return holdingKey{r.CustomerID, r.SubscriptionID, r.SourceName, r.Value, r.Position}
}

// holdingTimes holds the times of an identifier, as a row of a relation.
type holdingTimes struct {
	ValidFrom *Time `db:"valid_from"`
	FirstEnd  *Time `db:"first_end"`
	LastStart *Time `db:"last_start"`
	ValidTo   *Time `db:"valid_to"`
	Disputed  bool  `db:"disputed"`
	Assigned  bool  `db:"assigned"`
	holdingKey
}

// holdingEnd holds the end of a holding, as a row of a relation. Most imported records only extend a holding.
type holdingEnd struct {
	LastStart *Time `db:"last_start"`
	ValidTo   *Time `db:"valid_to"`
	holdingKey
}

// updateHoldings updates the times of identifiers that are numbers or cards.
func updateHoldings[T any](ctx context.Context, tx *Tx, rows []*SubscriptionIdentifier, times func(*SubscriptionIdentifier) T) error {
	if len(rows) == 0 {
		return nil
	}
	list := make([]T, len(rows))
	for i, r := range rows {
		list[i] = times(r)
	}
	return updateRows(ctx, tx, "subscription_identifiers", "t.kind <> 'SOURCE_ID'", list)
}

// values returns the values that pointers point to.
func values[T any](list []*T) []T {
	all := make([]T, len(list))
	for i, p := range list {
		all[i] = *p
	}
	return all
}

// compareHoldingRows orders the identifiers of one name: first those without times, then by position and subscription.
func compareHoldingRows(a, b *SubscriptionIdentifier) int {
	if (a.ValidFrom == nil) != (b.ValidFrom == nil) {
		if a.ValidFrom == nil {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Position, b.Position), compareKeys(a.Owner(), b.Owner()))
}

func (i *SubscriptionIdentifier) sameStart(o *SubscriptionIdentifier) bool {
	return i.Disputed == o.Disputed && i.Assigned == o.Assigned && sameTime(i.ValidFrom, o.ValidFrom) && sameTime(i.FirstEnd, o.FirstEnd)
}

func (i *SubscriptionIdentifier) sameEnd(o *SubscriptionIdentifier) bool {
	return sameTime(i.LastStart, o.LastStart) && sameTime(i.ValidTo, o.ValidTo)
}

// Name returns the number or card, or an empty name for an own id.
func (i *SubscriptionIdentifier) Name() SubscriptionName {
	if i.Kind == SourceOwnID {
		return ""
	}
	return SubscriptionNameOf(i.Kind, i.SourceName, i.Value)
}
