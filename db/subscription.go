package db

import (
	"context"
	"strings"
)

// ServiceSubscription is a line: a phone number, SIM or service that a customer subscribes to.
type ServiceSubscription struct {
	Key
	// Source and SourceID are the identifier that the line first came with.
	Source        Source  `db:"source"`
	SourceID      string  `db:"source_id"`
	PhoneNumber   *string `db:"phone_number"`
	SimCardNumber *string `db:"sim_card_number"`
	ProviderGroup *string `db:"provider_group"`
	IsGroupSim    *bool   `db:"is_group_sim"`
	BusinessID    *string `db:"business_id"`
}

// GlobalID returns the line's global id.
func (s *ServiceSubscription) GlobalID() ID { return ID{TypeSubscription, s.Key} }

// IsNode marks what has a global id.
func (*ServiceSubscription) IsNode() {}

// IdentifierKind is how a source names a line.
type IdentifierKind string

// The kinds of identifiers.
const (
	MSISDN      IdentifierKind = "MSISDN"
	SIM         IdentifierKind = "SIM"
	SourceOwnID IdentifierKind = "SOURCE_ID"
)

// SubscriptionIdentifier is a name of a line. One of kind MSISDN has no source: systems meet on the phone number.
type SubscriptionIdentifier struct {
	Kind           IdentifierKind `db:"kind"`
	SourceName     Source         `db:"source"`
	Value          string         `db:"value"`
	CustomerID     int64          `db:"customer_id"`
	SubscriptionID int64          `db:"subscription_id"`
}

// Source returns the system whose identifier it is; nil for a phone number.
func (i *SubscriptionIdentifier) Source() *Source {
	if i.SourceName == "" {
		return nil
	}
	return &i.SourceName
}

// Owner returns the line's key.
func (i *SubscriptionIdentifier) Owner() Key { return Key{i.CustomerID, i.SubscriptionID} }

// separators are what people write between the digits of a phone number.
var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "")

// PhoneDigits returns a full phone number as it is compared: its digits, without separators and without the prefix of
// an international number (+ or 00). It returns "" for what is masked or is no phone number of 3 to 15 digits (E.164).
func PhoneDigits(number string) string {
	digits := strings.TrimPrefix(separators.Replace(number), "+")
	digits = strings.TrimPrefix(digits, "00")
	if len(digits) < 3 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return digits
}

var subscriptions = newTable[ServiceSubscription]("subscriptions", "id", map[NodeType]string{TypeCustomer: ""},
	map[SubscriptionOrderField]column{
		"CREATED":        {name: "id", kind: longColumn},
		"SOURCE_ID":      {name: "source_id", kind: textColumn},
		"PHONE_NUMBER":   {name: "phone_number", kind: textColumn, nullable: true},
		"PROVIDER_GROUP": {name: "provider_group", kind: textColumn, nullable: true},
	}, SubscriptionOrder{"CREATED", Ascending})

var subscriptionIdentifiers = newChildren[SubscriptionIdentifier]("subscription_identifiers", "subscription_id", "kind, source, value")

// SubscriptionOrderField is what lines can be ordered by.
type SubscriptionOrderField string

// SubscriptionOrder is one key of the order of lines.
type SubscriptionOrder struct {
	Field     SubscriptionOrderField
	Direction OrderDirection
}

func (o SubscriptionOrder) key() (SubscriptionOrderField, OrderDirection) {
	return o.Field, o.Direction
}

// SubscriptionFilter is which lines: all of its conditions.
type SubscriptionFilter struct {
	And           []*SubscriptionFilter
	Or            []*SubscriptionFilter
	Not           *SubscriptionFilter
	CustomerID    *IDFilter
	Source        *SourceFilter
	SourceID      *StringFilter
	PhoneNumber   *StringFilter
	SimCardNumber *StringFilter
	ProviderGroup *StringFilter
	IsGroupSim    *BooleanFilter
	BusinessID    *StringFilter
}

func (f *SubscriptionFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	enumCondition(c, t+"source", (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"source_id", f.SourceID)
	textCondition(c, t+"phone_number", f.PhoneNumber)
	textCondition(c, t+"sim_card_number", f.SimCardNumber)
	textCondition(c, t+"provider_group", f.ProviderGroup)
	booleanCondition(c, t+"is_group_sim", f.IsGroupSim)
	textCondition(c, t+"business_id", f.BusinessID)
}

// SubscriptionConnection is a page of lines.
type SubscriptionConnection = Connection[ServiceSubscription]

// SubscriptionEdge is one of a page and its cursor.
type SubscriptionEdge = Edge[ServiceSubscription]

// SubscriptionQuery asks for a page of lines.
type SubscriptionQuery = Query[*SubscriptionFilter, SubscriptionOrder]

// Subscriptions lists lines: everybody's, a page for each of some customers.
func (r *Reader) Subscriptions(ctx context.Context, of Parents, q SubscriptionQuery) ([]*SubscriptionConnection, error) {
	return list(ctx, r, subscriptions, of, q)
}

// SubscriptionsByKey returns those of the lines that there are, in any order.
func (r *Reader) SubscriptionsByKey(ctx context.Context, keys []Key) ([]*ServiceSubscription, error) {
	return byKey(ctx, r, subscriptions, keys)
}

// SubscriptionIdentifiers returns the identifiers of lines, those of each in order.
func (r *Reader) SubscriptionIdentifiers(ctx context.Context, subscriptions []Key) ([]*SubscriptionIdentifier, error) {
	return children(ctx, r, subscriptionIdentifiers, subscriptions)
}

// SubscriptionBy asks for a line as a person knows it, by one of these.
type SubscriptionBy struct {
	SourceID      *SourceID
	PhoneNumber   *string
	SimCardNumber *string
}

// Subscription looks a line up. It returns a NotFound error where there is none, Ambiguous where there are several,
// and BadInput for what is no phone number.
func (r *Reader) Subscription(ctx context.Context, by SubscriptionBy) (*ServiceSubscription, error) {
	found, err := r.subscriptionsBy(ctx, by, 2)
	if err != nil {
		return nil, err
	}
	switch len(found) {
	case 0:
		return nil, Errorf(NotFound, "no line is known by this")
	case 1:
		return found[0], nil
	}
	return nil, Errorf(Ambiguous, "several lines are known by this: list them with subscriptions(filter:), or look one up by its system's id")
}

// SubscriptionsBy returns the lines that are known by this, whosever they are: the oldest first, at most MaxPage. It
// returns a BadInput error for what is no phone number.
func (r *Reader) SubscriptionsBy(ctx context.Context, by SubscriptionBy) ([]*ServiceSubscription, error) {
	return r.subscriptionsBy(ctx, by, MaxPage)
}

func (r *Reader) subscriptionsBy(ctx context.Context, by SubscriptionBy, limit int) ([]*ServiceSubscription, error) {
	var kind IdentifierKind
	var source, value string
	switch {
	case by.SourceID != nil:
		kind, source, value = SourceOwnID, string(by.SourceID.Source), by.SourceID.Value
	case by.SimCardNumber != nil:
		kind, value = SIM, *by.SimCardNumber
	case by.PhoneNumber != nil:
		kind, value = MSISDN, PhoneDigits(*by.PhoneNumber)
		if value == "" {
			return nil, Errorf(BadInput, "phoneNumber: want a full phone number of 3 to 15 digits")
		}
	default:
		return nil, Errorf(BadInput, "by: give sourceId, phoneNumber or simCardNumber")
	}
	return where(ctx, r, subscriptions, limit, func(c *compiler) {
		c.checkText(value)
		condition := "i.kind = " + c.bind(kind) + " AND i.value = " + c.bind(value)
		if source != "" {
			condition += " AND i.source = " + c.bind(source)
		}
		c.add("(t.customer_id, t.id) IN (SELECT i.customer_id, i.subscription_id FROM subscription_identifiers i WHERE ", condition, ")")
	})
}
