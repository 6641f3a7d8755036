package db

import (
	"context"
	"fmt"
)

// recordGroup is the set of records of a subscription with one own id or, without an own id, with one number or card.
type recordGroup struct {
	SubscriptionID int64             `db:"subscription_id"`
	Source         Source            `db:"source"`
	OwnID          *string           `db:"own_id"`
	Name           *SubscriptionName `db:"name"`
}

// dividedRow maps a recordGroup to a subscription of the new customer, as a row of a relation.
type dividedRow struct {
	SubscriptionID int64  `db:"subscription_id"`
	Source         Source `db:"source"`
	OwnID          string `db:"own_id"`
	Name           string `db:"name"`
	To             int64  `db:"to_subscription"`
}

// dividedNames has the columns of the own id and of the subscription name in the tables of records that name a
// customer.
var dividedNames = map[string][2]string{
	"usage_records":   {"t.source_subscription_id", "t.subscription_name"},
	"usage_summaries": {"t.own_id", "COALESCE(t.number_name, t.card_name)"},
}

// divideSubscriptions moves the records of the new customer out of subscriptions with records of both customers. They
// go to subscriptions of the new customer: one for each own id, and one for each number or card of records without an
// own id.
func (s *split) divideSubscriptions(ctx context.Context) error {
	if len(s.divided) == 0 {
		return nil
	}
	d := &divider{split: s, numbers: map[SubscriptionName]int64{}, own: map[SourceID]int64{}}
	if err := d.load(ctx); err != nil {
		return err
	}
	rows := map[string][]dividedRow{}
	for _, table := range []string{"usage_records", "usage_summaries"} {
		groups, err := d.groups(ctx, table)
		if err != nil {
			return err
		}
		for _, g := range groups {
			rows[table] = append(rows[table], dividedRow{g.SubscriptionID, g.Source, text(g.OwnID), string(text(g.Name)), d.subscription(g)})
		}
	}
	if err := s.tx.AddSubscriptions(ctx, d.added); err != nil {
		return err
	}
	if err := s.tx.AddIdentifiers(ctx, d.identifiers); err != nil {
		return err
	}
	for table, list := range rows {
		if err := d.move(ctx, table, list); err != nil {
			return err
		}
	}
	return nil
}

// divider finds and adds subscriptions of the new customer.
type divider struct {
	*split
	numbers     map[SubscriptionName]int64 // subscriptions without an own id
	own         map[SourceID]int64
	added       []*ServiceSubscription
	identifiers []*SubscriptionIdentifier
}

// load reads the subscriptions that the new customer already has.
func (d *divider) load(ctx context.Context) error {
	existing, err := selectArgs[*ServiceSubscription](ctx, d.tx, "SELECT customer_id, id, source, source_id, subscription_name FROM subscriptions WHERE customer_id = $1", d.to)
	for _, s := range existing {
		if s.SubscriptionName != nil {
			d.numbers[SubscriptionName(*s.SubscriptionName)] = s.ID
		} else {
			d.own[SourceID{s.Source, s.SourceID}] = s.ID
		}
	}
	return err
}

func (d *divider) groups(ctx context.Context, table string) ([]recordGroup, error) {
	c := d.tx.compiler()
	names := dividedNames[table]
	return selectAll[recordGroup](ctx, d.tx, c, fmt.Sprintf(`SELECT DISTINCT t.subscription_id, t.source, %s AS own_id, %s AS name FROM %s t WHERE t.customer_id = %s AND t.subscription_id%s AND %s`,
		names[0], names[1], table, c.bind(d.from), d.tx.inLongs(c, d.divided), d.named(c)))
}

// subscription returns the id of the new customer's subscription for a recordGroup. It adds the subscription if there
// is none.
func (d *divider) subscription(r recordGroup) int64 {
	s := &ServiceSubscription{Key: Key{CustomerID: d.to}, Source: r.Source}
	if r.OwnID == nil {
		name := text(r.Name)
		if id, known := d.numbers[name]; known {
			return id
		}
		s.ID = d.tx.NextID()
		s.SourceID, s.SubscriptionName, d.numbers[name] = name.Value(), name.Stored(), s.ID
		d.added = append(d.added, s)
		return s.ID
	}
	name := SourceID{r.Source, *r.OwnID}
	if id, known := d.own[name]; known {
		return id
	}
	s.ID = d.tx.NextID()
	s.SourceID, d.own[name] = name.Value, s.ID
	d.added = append(d.added, s)
	d.identifiers = append(d.identifiers, &SubscriptionIdentifier{Kind: SourceOwnID, SourceName: name.Source, Value: name.Value, CustomerID: d.to, SubscriptionID: s.ID})
	return s.ID
}

func (d *divider) move(ctx context.Context, table string, rows []dividedRow) error {
	c := d.tx.compiler()
	names := dividedNames[table]
	return d.tx.exec(ctx, fmt.Sprintf(`UPDATE %s AS t SET customer_id = %s, subscription_id = v.to_subscription FROM %s WHERE t.customer_id = %s AND t.subscription_id = v.subscription_id
		AND t.source = v.source AND COALESCE(%s, '') = v.own_id AND (%[5]s IS NOT NULL OR %[6]s = v.name) AND %[7]s`,
		table, c.bind(d.to), rowsOf(c, rows), c.bind(d.from), names[0], names[1], d.named(c)), c.args...)
}

// text returns the string that p points to, or an empty string if p is nil.
func text[T ~string](p *T) T {
	if p == nil {
		return ""
	}
	return *p
}
