package db

import (
	"context"
	"slices"
	"strings"
)

// ServiceSubscription is a line: a phone number, SIM or service that a customer subscribes to.
type ServiceSubscription struct {
	Key
	// Source and SourceID are the identifier that the line first came with.
	Source   Source `db:"source"`
	SourceID string `db:"source_id"`
	// SubscriptionName is the number or card of a line that no document names by an id of its own.
	SubscriptionName *string `db:"subscription_name"`
	PhoneNumber      *string `db:"phone_number"`
	SimCardNumber    *string `db:"sim_card_number"`
	ProviderGroup    *string `db:"provider_group"`
	IsGroupSim       *bool   `db:"is_group_sim"`
	BusinessID       *string `db:"business_id"`
	// SourceCustomerID is the customer's id in Source; of several the least. It is nil for a line of unattributed documents.
	SourceCustomerID *string `db:"source_customer_id"`
	// CustomerSource is the system of SourceCustomerID where no document names a customer and the line's own id, but an
	// assignment does; else nil.
	CustomerSource *Source `db:"customer_source"`
	// IDHash is the name in the global id of a line of unattributed documents, where that does not show SourceID.
	IDHash *string `db:"id_hash"`

	// Asked is the id by which the subscription was looked up.
	Asked ID `db:"-"`
}

// GlobalID returns the subscription's global id: the one by which it was looked up, else that of its least name.
func (s *ServiceSubscription) GlobalID() ID {
	if s.Asked.Type != "" {
		return s.Asked
	}
	var customer string
	if s.SourceCustomerID != nil {
		customer = *s.SourceCustomerID
	}
	var name SubscriptionName
	if s.SubscriptionName != nil {
		name = SubscriptionName(*s.SubscriptionName)
	}
	if s.CustomerSource != nil && *s.CustomerSource != s.Source {
		return assignedSubscriptionGlobalID(*s.CustomerSource, customer, SourceID{s.Source, s.SourceID})
	}
	return subscriptionGlobalID(s.Source, customer, s.SourceID, name)
}

// As returns the subscription as looked up by an id.
func (s *ServiceSubscription) As(id ID) Node {
	asked := *s
	asked.Asked = id
	return &asked
}

// hashID sets IDHash.
func (s *ServiceSubscription) hashID() {
	if id := s.GlobalID(); s.CustomerID == 0 && id.Source == "" {
		s.IDHash = &id.Value
	}
}

// NodeType returns the subscription's type.
func (*ServiceSubscription) NodeType() NodeType { return TypeSubscription }

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

// SubscriptionIdentifier is a name of a line. A number or card has one for each time in which the line held it, or
// disputed it with other lines. Possible numbers and cards have no source: systems meet on them.
type SubscriptionIdentifier struct {
	Kind           IdentifierKind `db:"kind"`
	SourceName     Source         `db:"source"`
	Value          string         `db:"value"`
	CustomerID     int64          `db:"customer_id"`
	SubscriptionID int64          `db:"subscription_id"`
	// Position counts the times of one number or card, of all lines; those of one dispute have the same.
	Position int32 `db:"position"`
	// ValidFrom is when the first record begins that proves the name, ValidTo when the last one ends; the end of a month
	// is no part of it. Both are nil for a line's own id, and for a line of unattributed documents.
	ValidFrom *Time `db:"valid_from"`
	// FirstEnd is the earliest end of such a record, its last instant; LastStart the latest beginning.
	FirstEnd  *Time `db:"first_end"`
	LastStart *Time `db:"last_start"`
	ValidTo   *Time `db:"valid_to"`
	// Disputed tells that records of several lines lie in this time, so that it proves nothing of any of them.
	Disputed bool `db:"disputed"`
	// Assigned tells that it is the time of an assignment.
	Assigned bool `db:"assigned"`
}

// Source returns the system whose identifier it is; nil for one on which systems meet.
func (i *SubscriptionIdentifier) Source() *Source {
	if i.SourceName == "" {
		return nil
	}
	return &i.SourceName
}

// Owner returns the line's key.
func (i *SubscriptionIdentifier) Owner() Key { return Key{i.CustomerID, i.SubscriptionID} }

// separators are what stands between the digits of a phone number.
var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "/", "")

var subscriptions = newTable[ServiceSubscription]("subscriptions", "id", map[NodeType]string{TypeCustomer: ""},
	map[SubscriptionOrderField]column{
		"CREATED":        {name: "id", kind: longColumn},
		"SOURCE_ID":      {name: "source_id", kind: textColumn},
		"PHONE_NUMBER":   {name: "phone_number", kind: textColumn, nullable: true},
		"PROVIDER_GROUP": {name: "provider_group", kind: textColumn, nullable: true},
	}, SubscriptionOrder{"CREATED", Ascending})

var subscriptionIdentifiers = newChildren[SubscriptionIdentifier]("subscription_identifiers", "subscription_id", "kind, source, value, position").
	reading("kind", "source", "value", "position", "disputed")

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

// SubscriptionIdentifiers returns the identifiers of subscriptions, those of each in order. The times of a dispute come from
// records of other customers, too: a reader that does not see every customer gets a disputed number once, without times
// and without the word that it is disputed.
func (r *Reader) SubscriptionIdentifiers(ctx context.Context, subscriptions []Key) ([]*SubscriptionIdentifier, error) {
	rows, err := children(ctx, r, subscriptionIdentifiers, subscriptions)
	if err != nil || r.scope.everyone {
		return rows, err
	}
	type name struct {
		subscription  Key
		kind          IdentifierKind
		source, value string
	}
	shown := map[name]bool{}
	for _, row := range rows {
		if !row.Disputed {
			shown[name{row.Owner(), row.Kind, string(row.SourceName), row.Value}] = true
		}
	}
	return slices.DeleteFunc(rows, func(row *SubscriptionIdentifier) bool {
		n := name{row.Owner(), row.Kind, string(row.SourceName), row.Value}
		if !row.Disputed {
			return false
		}
		again := shown[n]
		shown[n] = true
		row.Disputed, row.ValidFrom, row.ValidTo, row.FirstEnd, row.LastStart = false, nil, nil, nil, nil
		return again
	}), nil
}
