package db

import (
	"context"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"
)

// UsageRecord is a single use of a service or a single fee (TMF635 Usage).
type UsageRecord struct {
	Key
	// SubscriptionID is the id of the subscription within the customer; nil if the record has none.
	SubscriptionID *int64 `db:"subscription_id"`
	Source         Source `db:"source"`
	SourceID       string `db:"source_id"`
	// SourceCustomerID is the id of the customer in the document.
	SourceCustomerID *string `db:"source_customer_id"`
	EventTime        Time    `db:"event_time"`
	// UTCOffsetMinutes is the UTC offset of EventTime in the document.
	UTCOffsetMinutes int32           `db:"utc_offset_minutes"`
	UsageType        UsageType       `db:"usage_type"`
	UsageTypeName    *string         `db:"usage_type_name"`
	Status           *UsageStatus    `db:"status"`
	Description      *string         `db:"description"`
	Direction        *UsageDirection `db:"direction"`
	ServiceID        *string         `db:"service_id"`
	Destination      *string         `db:"destination"`
	// DestinationCountry is the ISO 3166 code of the country of Destination (NameReader.Country).
	DestinationCountry *string `db:"destination_country"`
	ProductReference   *string `db:"product_reference"`
	// OneOffs is a number of items, DataMB an amount of megabytes, DurationSeconds an amount of seconds.
	OneOffs                  *decimal.Decimal `db:"one_off_quantity"`
	DataMB                   *decimal.Decimal `db:"data_quantity"`
	DurationSeconds          *decimal.Decimal `db:"duration_quantity"`
	CallClass                *string          `db:"call_class"`
	ChargeGroupID            *int64           `db:"charge_group_id"`
	TimeBand                 *string          `db:"time_band"`
	SiteID                   *int64           `db:"site_id"`
	BillRunID                *int64           `db:"bill_run_id"`
	UsageProductID           *int64           `db:"usage_product_id"`
	Isdn                     *bool            `db:"isdn"`
	AdditionalInfoGeneral    *string          `db:"additional_info_general"`
	AdditionalInfoElectronic *string          `db:"additional_info_electronic"`
	SupplierAccountID        *int64           `db:"supplier_account_id"`
	FileName                 *string          `db:"file_name"`
	LoadedDate               *Date            `db:"loaded_date"`
	ParserName               *string          `db:"parser_name"`
	FileType                 *string          `db:"file_type"`
	// SpecificationJSON is an object. CharacteristicsJSON and RelatedPartiesJSON are arrays of objects. All have the
	// format of brm. Extension is an object with the fields that have no column.
	SpecificationJSON   JSON `db:"specification"`
	CharacteristicsJSON JSON `db:"characteristics"`
	RelatedPartiesJSON  JSON `db:"related_parties"`
	Extension           JSON `db:"extension"`

	// These and SourceCustomerID are the claim of the document. SourceSubscriptionID is the own id of the subscription.
	SourceSubscriptionID *string `db:"source_subscription_id"`
	// SubscriptionName is the normalized number or card of the subscription, SubscriptionText its text in the document
	// if that is not ServiceID.
	SubscriptionName *string `db:"subscription_name"`
	SubscriptionText *string `db:"subscription_text"`
	CustomerName     *string `db:"customer_name"`
	// LastUpdate is the time of the document's last change, if it has one (TMF).
	LastUpdate *Time `db:"last_update"`
	// ContestedCustomers holds the comma-separated ids of several customers of the same rank. Then the record has no
	// customer.
	ContestedCustomers *string `db:"contested_customers"`
	// Scoped is true if only clients of some customers have imported the record: it is no evidence.
	Scoped bool `db:"scoped" json:",omitzero"`
	// Attribution is the rule that found the owner of a record without a customer. Unattributed is the reason for
	// having no owner.
	Attribution  *Attribution        `db:"attribution"`
	Unattributed *UnattributedReason `db:"unattributed"`
	// ImportedBy is the id of the import that last changed the record; nil for a record of an older version.
	ImportedBy *int64 `db:"imported_by"`
	// IDHash is the hash in the global id, if the global id hides SourceID.
	IDHash *string `db:"id_hash"`

	// Rated holds the rated usages to store. A reader sets it, to an empty list if there are none, only if a page query
	// read them with the record. Otherwise call RatedUsages.
	Rated []*RatedUsage `db:"-"`
}

// GlobalID returns the record's global id.
func (u *UsageRecord) GlobalID() ID { return namedID(TypeUsageRecord, u.Source, u.SourceID) }

// NodeType returns TypeUsageRecord.
func (*UsageRecord) NodeType() NodeType { return TypeUsageRecord }

// SubscriptionKey returns the key of the subscription; false if there is none.
func (u *UsageRecord) SubscriptionKey() (Key, bool) { return keyIn(u.CustomerID, u.SubscriptionID) }

// IsNode marks the type as a Node.
func (*UsageRecord) IsNode() {}

// OneOffQuantity returns the number of one-off items; nil if the document has none.
func (u *UsageRecord) OneOffQuantity() *Quantity { return quantityOf(u.OneOffs, Count, false) }

// DataQuantity returns the data in megabytes; nil if the document has none.
func (u *UsageRecord) DataQuantity() *Quantity { return quantityOf(u.DataMB, Megabyte, false) }

// DurationQuantity returns the duration in seconds; nil if the document has none.
func (u *UsageRecord) DurationQuantity() *Quantity {
	return quantityOf(u.DurationSeconds, Second, false)
}

// Quantity returns the quantity in the unit of the usage type; nil if the document has none.
func (u *UsageRecord) Quantity() *Quantity {
	switch u.UsageType {
	case Data:
		return u.DataQuantity()
	case Voice:
		return u.DurationQuantity()
	case SMS, MMS:
		return quantityOf(u.OneOffs, Message, false)
	}
	return u.OneOffQuantity()
}

// UsageSpecification is a reference to the specification of a usage (TMF635 UsageSpecificationRef).
type UsageSpecification struct {
	ID    *string        `json:"id"`
	Name  *string        `json:"name"`
	Href  *string        `json:"href"`
	Extra jsontext.Value `json:",unknown"`
}

// Extensions returns the members that have no field, in order.
func (s *UsageSpecification) Extensions() ([]Characteristic, error) { return JSON(s.Extra).members() }

// Specification returns the specification of the usage; nil if the document has none.
func (u *UsageRecord) Specification() (*UsageSpecification, error) {
	var s *UsageSpecification
	return s, u.SpecificationJSON.into(&s)
}

// Characteristics returns the characteristics of the usage in order.
func (u *UsageRecord) Characteristics() ([]Characteristic, error) {
	return u.CharacteristicsJSON.characteristics()
}

// RelatedParty is a party with a role in a usage (TMF635 RelatedParty).
type RelatedParty struct {
	ID           *string        `json:"id"`
	Name         *string        `json:"name"`
	Role         *string        `json:"role"`
	ReferredType *string        `json:"@referredType"`
	Extra        jsontext.Value `json:",unknown"`
}

// Extensions returns the members that have no field, in order.
func (p *RelatedParty) Extensions() ([]Characteristic, error) { return JSON(p.Extra).members() }

// RelatedParties returns the parties of the usage in order.
func (u *UsageRecord) RelatedParties() ([]RelatedParty, error) {
	list := []RelatedParty{}
	return list, u.RelatedPartiesJSON.into(&list)
}

// eventTimeMembers are the members of extensions with the event time as the document writes it.
var eventTimeMembers = map[Source]string{Elevate: "eventDate", BRM: "date"}

// Extensions returns the fields that have no column, in order.
func (u *UsageRecord) Extensions() ([]Characteristic, error) {
	return u.Extension.membersExcept(eventTimeMembers[u.Source])
}

var usageRecords = newTable[UsageRecord]("usage_records", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id"},
	usageRecordOrders, UsageRecordOrder{"EVENT_TIME", Descending}, UsageRecordOrder{"CREATED", Descending}).withChildJoins(
	joinedChildren[UsageRecord, RatedUsage]{ratedUsages, func(u *UsageRecord) *[]*RatedUsage { return &u.Rated }})

// UsageRecordOrderField is a field that usage records can be ordered by.
type UsageRecordOrderField string

// UsageRecordOrder is a sort key of usage records.
type UsageRecordOrder struct {
	Field     UsageRecordOrderField
	Direction OrderDirection
}

func (o UsageRecordOrder) key() (UsageRecordOrderField, OrderDirection) { return o.Field, o.Direction }

// UsageRecordFilter selects the usage records that satisfy all of its conditions.
type UsageRecordFilter struct {
	And                []*UsageRecordFilter
	Or                 []*UsageRecordFilter
	Not                *UsageRecordFilter
	CustomerID         *IDFilter
	SubscriptionID     *IDFilter
	Source             *SourceFilter
	SourceID           *StringFilter
	EventTime          *DateTimeFilter
	UsageType          *UsageTypeFilter
	UsageTypeName      *StringFilter
	Status             *UsageStatusFilter
	Description        *StringFilter
	Direction          *UsageDirectionFilter
	ServiceID          *StringFilter
	Destination        *StringFilter
	DestinationCountry *StringFilter
	ProductReference   *StringFilter
	CallClass          *StringFilter
	TimeBand           *StringFilter
	ChargeGroupID      *LongFilter
	SiteID             *LongFilter
	BillRunID          *LongFilter
	OneOffQuantity     *DecimalFilter
	DataQuantity       *DecimalFilter
	DurationQuantity   *DecimalFilter
	FileName           *StringFilter
	LoadedDate         *DateFilter
	// Customer and Subscription select the records whose customer or subscription satisfies the filter.
	Customer     *CustomerFilter
	Subscription *SubscriptionFilter
	// Rated selects the records with at least one rated usage that satisfies the filter.
	Rated *RatedUsageFilter
	// SourceCustomer selects the records whose document names this customer.
	SourceCustomer *SourceID
}

func (f *UsageRecordFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	subscriptionCondition(c, t, f.SubscriptionID)
	source := t + "source"
	if f.SourceID == nil && (c.ofCustomers || f.SourceCustomer != nil || f.CustomerID != nil || f.SubscriptionID != nil) {
		source = c.dialect.bySource(source)
	}
	enumCondition(c, source, (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"source_id", f.SourceID)
	compare(c, t+"event_time", "timestamptz", (*Compare[Time])(f.EventTime))
	enumCondition(c, t+"usage_type", (*EnumFilter[UsageType])(f.UsageType))
	textCondition(c, t+"usage_type_name", f.UsageTypeName)
	enumCondition(c, t+"status", (*EnumFilter[UsageStatus])(f.Status))
	textCondition(c, t+"description", f.Description)
	enumCondition(c, t+"direction", (*EnumFilter[UsageDirection])(f.Direction))
	textCondition(c, t+"service_id", f.ServiceID)
	textCondition(c, t+"destination", f.Destination)
	textCondition(c, t+"destination_country", f.DestinationCountry)
	textCondition(c, t+"product_reference", f.ProductReference)
	textCondition(c, t+"call_class", f.CallClass)
	textCondition(c, t+"time_band", f.TimeBand)
	compare(c, t+"charge_group_id", "bigint", (*Compare[int64])(f.ChargeGroupID))
	compare(c, t+"site_id", "bigint", (*Compare[int64])(f.SiteID))
	compare(c, t+"bill_run_id", "bigint", (*Compare[int64])(f.BillRunID))
	compare(c, t+"one_off_quantity", "numeric", (*Compare[decimal.Decimal])(f.OneOffQuantity))
	compare(c, t+"data_quantity", "numeric", (*Compare[decimal.Decimal])(f.DataQuantity))
	compare(c, t+"duration_quantity", "numeric", (*Compare[decimal.Decimal])(f.DurationQuantity))
	textCondition(c, t+"file_name", f.FileName)
	compare(c, t+"loaded_date", "text", (*Compare[Date])(f.LoadedDate))
	sourceCustomerCondition(c, t, f.SourceCustomer)
	customerFilterCondition(c, t, f.Customer)
	subscriptionFilterCondition(c, t, f.Subscription)
	if f.Rated != nil {
		c.exists(t, childrenIn("rated_usages", "usage_id", f.Rated.indexed()), func(x string) { f.Rated.conditions(c, x) })
	}
}

func (f *UsageRecordFilter) narrows(bySource bool) bool {
	if f == nil {
		return false
	}
	others := *f
	others.And, others.Or, others.Not, others.Rated = nil, nil, nil, nil
	if !bySource {
		others.Source = nil
	}
	return !reflect.ValueOf(others).IsZero() || slices.ContainsFunc(f.And, func(f *UsageRecordFilter) bool { return f.narrows(bySource) })
}

func (f *UsageRecordFilter) opposite() (Filter, bool) {
	if f == nil || f.Not == nil || f.Not.Rated == nil {
		return nil, false
	}
	alone := reflect.DeepEqual(*f, UsageRecordFilter{Not: f.Not}) && reflect.DeepEqual(*f.Not, UsageRecordFilter{Rated: f.Not.Rated})
	return f.Not, alone
}

func (f *UsageRecordFilter) isPeriod() bool {
	return f == nil || reflect.DeepEqual(*f, UsageRecordFilter{EventTime: f.EventTime})
}

func (f *UsageRecordFilter) selective() bool { return f != nil && bySourceID(f.Source, f.SourceID) }

// UsageRecordConnection is a page of usage records.
type UsageRecordConnection = Connection[UsageRecord]

// UsageRecordEdge is a usage record of a page with its cursor.
type UsageRecordEdge = Edge[UsageRecord]

// UsageRecordQuery selects a page of usage records.
type UsageRecordQuery = Query[*UsageRecordFilter, UsageRecordOrder]

// UsageRecords returns a page of usage records for each parent: a customer, a subscription, or NoParent for all.
func (r *Reader) UsageRecords(ctx context.Context, p *Projection, of Parents, q UsageRecordQuery) ([]*UsageRecordConnection, error) {
	return list(ctx, r, p, usageRecords, of, q)
}

// UsageRecordsByKey returns the usage records with the given keys, in any order. Missing ones are left out.
func (r *Reader) UsageRecordsByKey(ctx context.Context, p *Projection, keys []Key) ([]*UsageRecord, error) {
	return byKey(ctx, r, p, usageRecords, keys)
}

// UsageRecord returns the usage record with a source id. It returns a NotFound error if there is none.
func (r *Reader) UsageRecord(ctx context.Context, p *Projection, by SourceID) (*UsageRecord, error) {
	found, err := where(ctx, r, p, usageRecords, 1, func(c *compiler) {
		c.checkText(by.Value)
		c.add("t.source = ", c.bind(by.Source), " AND t.source_id = ", c.bind(by.Value))
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "usage record not found")
	}
	return found[0], nil
}
