package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// SubscriptionBy selects a subscription by exactly one of its names.
type SubscriptionBy struct {
	SourceID      *SourceID
	PhoneNumber   *string
	SimCardNumber *string
	// At selects the holder of the number or card at that time; nil selects the latest holder. It has no effect on an
	// own id.
	At *Time
}

// Subscription returns a subscription. A number or card stands for its latest holder among all customers; if the scope
// hides the holder, the error is the same as for an unknown number. It returns a NotFound error if there is no such
// subscription, Ambiguous if there are several, and BadInput for an empty name.
func (r *Reader) Subscription(ctx context.Context, p *Projection, by SubscriptionBy) (*ServiceSubscription, error) {
	var found []*ServiceSubscription
	var err error
	switch {
	case by.SourceID != nil:
		found, err = r.subscriptionsBySourceID(ctx, p, *by.SourceID, by.At)
	case by.PhoneNumber != nil:
		found, err = r.subscriptionsByPhoneNumber(ctx, p, *by.PhoneNumber, by.At)
	case by.SimCardNumber != nil:
		found, err = r.subscriptionsBySimCard(ctx, p, *by.SimCardNumber, by.At)
	default:
		err = Errorf(BadInput, "by: want sourceId, phoneNumber or simCardNumber")
	}
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, Errorf(NotFound, "subscription not found")
	case len(found) > 1:
		return nil, Errorf(Ambiguous, "several subscriptions match: list them with subscriptions(filter:), or look one up by sourceId")
	}
	return found[0], nil
}

// subscriptionsBySourceID finds subscriptions by own id. If there is none, it looks for the displayed source id, which
// may be a number. If there is none either, it reads the text as an E.164 number.
func (r *Reader) subscriptionsBySourceID(ctx context.Context, p *Projection, id SourceID, at *Time) ([]*ServiceSubscription, error) {
	found, err := where(ctx, r, p, subscriptions, 2, func(c *compiler) {
		c.checkText(id.Value)
		c.add("(t.customer_id, t.id) IN (SELECT i.customer_id, i.subscription_id FROM subscription_identifiers i WHERE i.kind = ", c.bind(SourceOwnID),
			" AND i.source = ", c.bind(id.Source), " AND i.value = ", c.bind(id.Value), ")")
	})
	if err != nil || len(found) > 0 {
		return found, err
	}
	var shown []*ServiceSubscription
	err = unscoped{r}.SelectContext(ctx, &shown, "SELECT customer_id, id, subscription_name FROM subscriptions WHERE source = $1 AND source_id = $2", id.Source, id.Value)
	if err != nil {
		return nil, fmt.Errorf("find subscriptions by their system's id: %w", err)
	}
	if len(shown) == 0 {
		if name, ok := ReadE164(id.Value); ok {
			found, _, err = r.subscriptionsByName(ctx, p, []SubscriptionName{name}, at, nil)
		}
		return found, err
	}
	var names []SubscriptionName
	keys := make([]Key, len(shown))
	for i, s := range shown {
		keys[i] = s.Key
		if s.SubscriptionName != nil && !slices.Contains(names, SubscriptionName(*s.SubscriptionName)) {
			names = append(names, SubscriptionName(*s.SubscriptionName))
		}
	}
	found, known, err := r.subscriptionsByName(ctx, p, names, at, keys)
	if err != nil || known {
		return found, err
	}
	return r.SubscriptionsByKey(ctx, p, keys)
}

// subscriptionsByPhoneNumber finds subscriptions by a number with its country code. If no subscription has it, it looks
// for the original text of a number in a system.
func (r *Reader) subscriptionsByPhoneNumber(ctx context.Context, p *Projection, text string, at *Time) ([]*ServiceSubscription, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, Errorf(BadInput, "phoneNumber: want a phone number, such as +442079460124, or the text that a system has for one")
	}
	name, form := ReadName("", text, "")
	if form == CardForm || form == NumberForm && strings.HasPrefix(string(name), "+") {
		if found, known, err := r.subscriptionsByName(ctx, p, []SubscriptionName{name}, at, nil); err != nil || known {
			return found, err
		}
	}
	if form == NumberForm {
		names, err := r.numbersByText(ctx, text)
		if err != nil {
			return nil, err
		}
		if found, known, err := r.subscriptionsByName(ctx, p, names, at, nil); err != nil || known {
			return found, err
		}
	}
	// A text that names nothing, such as a masked number, can be the displayed number of a subscription.
	return where(ctx, r, p, subscriptions, 2, func(c *compiler) { c.add("t.phone_number = ", c.bind(text)) })
}

// subscriptionsBySimCard finds subscriptions by a card or, if the text is not a card number, by the displayed text.
func (r *Reader) subscriptionsBySimCard(ctx context.Context, p *Projection, text string, at *Time) ([]*ServiceSubscription, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, Errorf(BadInput, "simCardNumber: want a SIM card number, such as 8931087112345678901")
	}
	if name, form := ReadName("", text, ""); form == CardForm {
		found, _, err := r.subscriptionsByName(ctx, p, []SubscriptionName{name}, at, nil)
		return found, err
	}
	return where(ctx, r, p, subscriptions, 2, func(c *compiler) { c.add("t.sim_card_number = ", c.bind(text)) })
}

// numbersByText returns the numbers that a text can mean: a local number of any system, and the latest number of each
// subscription that displays this text.
func (r *Reader) numbersByText(ctx context.Context, text string) ([]SubscriptionName, error) {
	var rows []*SubscriptionIdentifier
	err := unscoped{r}.SelectContext(ctx, &rows, `SELECT i.source, i.value, i.customer_id, i.subscription_id, i.last_start
		FROM subscriptions t JOIN subscription_identifiers i ON i.customer_id = t.customer_id AND i.subscription_id = t.id
		WHERE t.phone_number = $1 AND i.kind = $2 ORDER BY i.source, i.value, i.position`, text, MSISDN)
	if err != nil {
		return nil, fmt.Errorf("find numbers by their text: %w", err)
	}
	latest := map[Key]*SubscriptionIdentifier{}
	for _, row := range rows {
		if l := latest[row.Owner()]; l == nil || l.LastStart == nil || row.LastStart != nil && row.LastStart.After(l.LastStart.Time) {
			latest[row.Owner()] = row
		}
	}
	var names []SubscriptionName
	for _, source := range Sources() {
		names = append(names, LocalName(source, strings.TrimFunc(text, isBlank)))
	}
	for _, row := range latest {
		names = append(names, SubscriptionNameOf(MSISDN, row.SourceName, row.Value))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// subscriptionsByName returns the holders of numbers or cards that are in the reader's scope or, if none of the names
// has a holder in the scope, the subscriptions of unattributed documents, and those whose records are no evidence. If among is not nil, the holders must be in it. It returns
// false if no subscription has one of the names.
func (r *Reader) subscriptionsByName(ctx context.Context, p *Projection, names []SubscriptionName, at *Time, among []Key) (found []*ServiceSubscription, known bool, err error) {
	identifiers, err := r.identifiersByName(ctx, names)
	if err != nil || len(identifiers) == 0 {
		return nil, false, err
	}
	var keys, untimed []Key
	for _, name := range names {
		rows := identifiers[name]
		for _, row := range rows {
			if row.ValidFrom == nil {
				untimed = append(untimed, row.Owner())
			}
		}
		holders, err := r.holders(ctx, name, HoldingsOf(rows), at, among)
		if err != nil {
			return nil, false, err
		}
		keys = append(keys, holders...)
	}
	if len(keys) == 0 {
		keys = untimed
	}
	if len(keys) == 0 {
		return nil, true, nil
	}
	slices.SortFunc(keys, compareKeys)
	found, err = r.SubscriptionsByKey(ctx, p, slices.Compact(keys))
	if err == nil && len(found) == 0 && len(untimed) > 0 {
		// The scope hides the holder, as if no subscription had the number.
		found, err = r.SubscriptionsByKey(ctx, p, untimed)
	}
	return found, true, err
}
