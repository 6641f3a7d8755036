package db

import (
	"context"
	"slices"
	"strings"
)

// ServiceSubscription is a phone number, SIM card or other service that a customer subscribes to.
type ServiceSubscription struct {
	Key
	// Source and SourceID are the own id of the subscription or, without one, its least name in the documents.
	Source   Source `db:"source"`
	SourceID string `db:"source_id"`
	// SubscriptionName is the number or card of a subscription that no document names by an own id.
	SubscriptionName *string `db:"subscription_name"`
	PhoneNumber      *string `db:"phone_number"`
	SimCardNumber    *string `db:"sim_card_number"`
	ProviderGroup    *string `db:"provider_group"`
	IsGroupSim       *bool   `db:"is_group_sim"`
	BusinessID       *string `db:"business_id"`
	// SourceCustomerID is the customer's id in Source; of several the least. It is nil for a subscription of
	// unattributed documents.
	SourceCustomerID *string `db:"source_customer_id"`
	// CustomerSource is the system of SourceCustomerID if only an assignment connects the customer and the own id;
	// otherwise nil.
	CustomerSource *Source `db:"customer_source"`
	// IDHash is the hash in the global id of a subscription of unattributed documents, if the global id hides SourceID.
	IDHash *string `db:"id_hash"`

	// Asked is the global id that the subscription was looked up by.
	Asked ID `db:"-"`
}

// GlobalID returns the global id that the subscription was looked up by, else the one of its least name.
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

// As returns a copy of the subscription that was looked up by a global id.
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

// NodeType returns TypeSubscription.
func (*ServiceSubscription) NodeType() NodeType { return TypeSubscription }

// IsNode marks the type as a Node.
func (*ServiceSubscription) IsNode() {}

// IdentifierKind is the kind of an identifier of a subscription.
type IdentifierKind string

// The kinds of identifiers.
const (
	MSISDN      IdentifierKind = "MSISDN"
	SIM         IdentifierKind = "SIM"
	SourceOwnID IdentifierKind = "SOURCE_ID"
)

// SubscriptionIdentifier is an own id, number or card of a subscription. A number or card has a row for each holding
// and for each dispute. Possible numbers and cards have no source: they are the same in all systems.
type SubscriptionIdentifier struct {
	Kind           IdentifierKind `db:"kind"`
	SourceName     Source         `db:"source"`
	Value          string         `db:"value"`
	CustomerID     int64          `db:"customer_id"`
	SubscriptionID int64          `db:"subscription_id"`
	// Position is the ordinal of the holding among all holdings of the number or card. The rows of a dispute share it.
	Position int32 `db:"position"`
	// ValidFrom is the beginning of the first evidence, ValidTo the end of the last (the end of a month is exclusive).
	// Both are nil for an own id and for a subscription of unattributed documents.
	ValidFrom *Time `db:"valid_from"`
	// FirstEnd is the last instant of the evidence that ends first. LastStart is the beginning of the evidence that
	// begins last.
	FirstEnd  *Time `db:"first_end"`
	LastStart *Time `db:"last_start"`
	ValidTo   *Time `db:"valid_to"`
	// Disputed is true if evidence of several subscriptions overlaps, so that it proves a holding of none of them.
	Disputed bool `db:"disputed"`
	// Assigned is true if the row is the time of an assignment.
	Assigned bool `db:"assigned"`
}

// Source returns the system of the identifier; nil if it is the same in all systems.
func (i *SubscriptionIdentifier) Source() *Source {
	if i.SourceName == "" {
		return nil
	}
	return &i.SourceName
}

// Owner returns the key of the subscription.
func (i *SubscriptionIdentifier) Owner() Key { return Key{i.CustomerID, i.SubscriptionID} }

// separators removes the characters that separate the digits of a phone number.
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

// SubscriptionOrderField is a field that subscriptions can be ordered by.
type SubscriptionOrderField string

// SubscriptionOrder is a sort key of subscriptions.
type SubscriptionOrder struct {
	Field     SubscriptionOrderField
	Direction OrderDirection
}

func (o SubscriptionOrder) key() (SubscriptionOrderField, OrderDirection) {
	return o.Field, o.Direction
}

// SubscriptionFilter selects the subscriptions that satisfy all of its conditions.
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
	// Customer selects the subscriptions whose customer satisfies the filter.
	Customer *CustomerFilter
	// The filters on the subscription's records.
	UsageRecords   *UsageRecordListFilter
	UsageSummaries *UsageSummaryListFilter
	Buckets        *BucketListFilter
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
	customerFilterCondition(c, t, f.Customer)
	listCondition(c, t, ofSubscription("usage_records"), (*ListFilter[*UsageRecordFilter])(f.UsageRecords))
	listCondition(c, t, ofSubscription("usage_summaries"), (*ListFilter[*UsageSummaryFilter])(f.UsageSummaries))
	listCondition(c, t, ofSubscription("buckets"), (*ListFilter[*BucketFilter])(f.Buckets))
}

// SubscriptionConnection is a page of subscriptions.
type SubscriptionConnection = Connection[ServiceSubscription]

// SubscriptionEdge is a subscription of a page with its cursor.
type SubscriptionEdge = Edge[ServiceSubscription]

// SubscriptionQuery selects a page of subscriptions.
type SubscriptionQuery = Query[*SubscriptionFilter, SubscriptionOrder]

// Subscriptions returns a page of subscriptions for each parent: a customer, or NoParent for all.
func (r *Reader) Subscriptions(ctx context.Context, p *Projection, of Parents, q SubscriptionQuery) ([]*SubscriptionConnection, error) {
	return list(ctx, r, p, subscriptions, of, q)
}

// SubscriptionsByKey returns the subscriptions with the given keys, in any order. Missing ones are left out.
func (r *Reader) SubscriptionsByKey(ctx context.Context, p *Projection, keys []Key) ([]*ServiceSubscription, error) {
	return byKey(ctx, r, p, subscriptions, keys)
}

// SubscriptionIdentifiers returns the identifiers of subscriptions, those of each in order. The times of a dispute
// reveal records of other customers. So a scope of some customers gets a disputed number or card once, without times
// and without Disputed.
func (r *Reader) SubscriptionIdentifiers(ctx context.Context, p *Projection, subscriptions []Key) ([]*SubscriptionIdentifier, error) {
	rows, err := children(ctx, r, p, subscriptionIdentifiers, subscriptions)
	rows = withoutHeldNames(rows)
	if err != nil || r.scope.everyone {
		return rows, err
	}
	return withoutDisputes(rows), nil
}

// withoutDisputes leaves each disputed number or card of a subscription in the list once, without times, and without
// Disputed.
func withoutDisputes(rows []*SubscriptionIdentifier) []*SubscriptionIdentifier {
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
	})
}
