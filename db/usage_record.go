package db

import (
	"context"

	"github.com/govalues/decimal"
)

// UsageRecord is one use of a service or one fee (TMF635 Usage).
type UsageRecord struct {
	Key
	// SubscriptionID is the line's id within the customer; nil where the record names none.
	SubscriptionID *int64 `db:"subscription_id"`
	Source         Source `db:"source"`
	SourceID       string `db:"source_id"`
	// SourceCustomerID is the customer's id in the source, as the record names him.
	SourceCustomerID *string `db:"source_customer_id"`
	EventTime        Time    `db:"event_time"`
	// UTCOffsetMinutes is the offset that the event's time came with.
	UTCOffsetMinutes int32           `db:"utc_offset_minutes"`
	UsageType        UsageType       `db:"usage_type"`
	UsageTypeName    *string         `db:"usage_type_name"`
	Status           *UsageStatus    `db:"status"`
	Description      *string         `db:"description"`
	Direction        *UsageDirection `db:"direction"`
	ServiceID        *string         `db:"service_id"`
	Destination      *string         `db:"destination"`
	ProductReference *string         `db:"product_reference"`
	// OneOffs counts items, DataMB megabytes, DurationSeconds seconds.
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
	// SpecificationJSON is an object; CharacteristicsJSON and RelatedPartiesJSON are arrays of objects, all as brm
	// writes them; Extension is an object of the fields that this model has no column for.
	SpecificationJSON   JSON `db:"specification"`
	CharacteristicsJSON JSON `db:"characteristics"`
	RelatedPartiesJSON  JSON `db:"related_parties"`
	Extension           JSON `db:"extension"`

	// The claim of the document about line and customer, besides the ids above.
	SourceSubscriptionID *string `db:"source_subscription_id"`
	// SubscriptionName is the number or card that names the line, LineText the document's own text of it where ServiceID is not.
	SubscriptionName *string `db:"subscription_name"`
	SubscriptionText *string `db:"subscription_text"`
	CustomerName     *string `db:"customer_name"`
	// LastUpdate is the time of the last change of the document, where it says so (TMF).
	LastUpdate *Time `db:"last_update"`
	// ContestedCustomers are the ids of several customers of one rank, with commas between: none of them is taken.
	ContestedCustomers *string `db:"contested_customers"`
	// Attribution tells how the owner of a record that names no customer was found, Unattributed why it has none.
	Attribution  *Attribution        `db:"attribution"`
	Unattributed *UnattributedReason `db:"unattributed"`
	// IDHash stands for SourceID in the global id, where that does not show it.
	IDHash *string `db:"id_hash"`

	// Rated are what a writer stores with the record; a reader has them where they came with it, and then none is an
	// empty list. Else he asks for RatedUsages.
	Rated []*RatedUsage `db:"-"`
}

// GlobalID returns the record's global id.
func (u *UsageRecord) GlobalID() ID { return namedID(TypeUsageRecord, u.Source, u.SourceID) }

// NodeType returns the record's type.
func (*UsageRecord) NodeType() NodeType { return TypeUsageRecord }

// SubscriptionKey returns the key of the line; false where there is none.
func (u *UsageRecord) SubscriptionKey() (Key, bool) { return keyIn(u.CustomerID, u.SubscriptionID) }

// IsNode marks what has a global id.
func (*UsageRecord) IsNode() {}

// OneOffQuantity returns the number of one-off items.
func (u *UsageRecord) OneOffQuantity() *Quantity { return quantityOf(u.OneOffs, Count, false) }

// DataQuantity returns the data in megabytes.
func (u *UsageRecord) DataQuantity() *Quantity { return quantityOf(u.DataMB, Megabyte, false) }

// DurationQuantity returns the duration in seconds.
func (u *UsageRecord) DurationQuantity() *Quantity {
	return quantityOf(u.DurationSeconds, Second, false)
}

// Quantity returns how much was used, in the unit of the usage type; nil where the record does not say.
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

// UsageSpecification is what describes a usage (TMF635 UsageSpecificationRef).
type UsageSpecification struct {
	ID   *string `json:"id"`
	Name *string `json:"name"`
	Href *string `json:"href"`
}

// Specification returns what describes the usage; nil where the record does not say.
func (u *UsageRecord) Specification() (*UsageSpecification, error) {
	var s *UsageSpecification
	return s, u.SpecificationJSON.into(&s)
}

// Characteristics returns the usage's characteristics, in order.
func (u *UsageRecord) Characteristics() ([]Characteristic, error) {
	return u.CharacteristicsJSON.characteristics()
}

// RelatedParty is who has to do with a usage (TMF635 RelatedParty).
type RelatedParty struct {
	ID           *string `json:"id"`
	Name         *string `json:"name"`
	Role         *string `json:"role"`
	ReferredType *string `json:"@referredType"`
}

// RelatedParties returns who has to do with the usage, in order.
func (u *UsageRecord) RelatedParties() ([]RelatedParty, error) {
	list := []RelatedParty{}
	return list, u.RelatedPartiesJSON.into(&list)
}

// Extensions returns the fields that the model has no name for, in order.
func (u *UsageRecord) Extensions() ([]Characteristic, error) { return u.Extension.members() }

var usageRecords = newTable[UsageRecord]("usage_records", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id"},
	usageRecordOrders, UsageRecordOrder{"EVENT_TIME", Descending}, UsageRecordOrder{"CREATED", Descending}).withChildJoins(
	joinedChildren[UsageRecord, RatedUsage]{ratedUsages, func(u *UsageRecord) *[]*RatedUsage { return &u.Rated }})

// UsageRecordOrderField is what usage records can be ordered by.
type UsageRecordOrderField string

// UsageRecordOrder is one key of the order of usage records.
type UsageRecordOrder struct {
	Field     UsageRecordOrderField
	Direction OrderDirection
}

func (o UsageRecordOrder) key() (UsageRecordOrderField, OrderDirection) { return o.Field, o.Direction }

// UsageRecordFilter is which usage records: all of its conditions.
type UsageRecordFilter struct {
	And              []*UsageRecordFilter
	Or               []*UsageRecordFilter
	Not              *UsageRecordFilter
	CustomerID       *IDFilter
	SubscriptionID   *IDFilter
	Source           *SourceFilter
	SourceID         *StringFilter
	EventTime        *DateTimeFilter
	UsageType        *UsageTypeFilter
	UsageTypeName    *StringFilter
	Status           *UsageStatusFilter
	Description      *StringFilter
	Direction        *UsageDirectionFilter
	ServiceID        *StringFilter
	Destination      *StringFilter
	ProductReference *StringFilter
	CallClass        *StringFilter
	TimeBand         *StringFilter
	ChargeGroupID    *LongFilter
	SiteID           *LongFilter
	BillRunID        *LongFilter
	OneOffQuantity   *DecimalFilter
	DataQuantity     *DecimalFilter
	DurationQuantity *DecimalFilter
	FileName         *StringFilter
	LoadedDate       *DateFilter
	// Rated holds where at least one of the record's prices is such.
	Rated *RatedUsageFilter
	// SourceCustomer holds for the records that name this customer, as their source knows him.
	SourceCustomer *SourceID
}

func (f *UsageRecordFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	subscriptionCondition(c, t, f.SubscriptionID)
	enumCondition(c, t+"source", (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"source_id", f.SourceID)
	compare(c, t+"event_time", "timestamptz", (*Compare[Time])(f.EventTime))
	enumCondition(c, t+"usage_type", (*EnumFilter[UsageType])(f.UsageType))
	textCondition(c, t+"usage_type_name", f.UsageTypeName)
	enumCondition(c, t+"status", (*EnumFilter[UsageStatus])(f.Status))
	textCondition(c, t+"description", f.Description)
	enumCondition(c, t+"direction", (*EnumFilter[UsageDirection])(f.Direction))
	textCondition(c, t+"service_id", f.ServiceID)
	textCondition(c, t+"destination", f.Destination)
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
	if f.Rated != nil {
		c.add("EXISTS (SELECT 1 FROM rated_usages x WHERE x.customer_id = ", t, "customer_id AND x.usage_id = ", t, "id AND ",
			c.all(func() { f.Rated.conditions(c, "x.") }), ")")
	}
}

func (f *UsageRecordFilter) selective() bool { return f != nil && bySourceID(f.Source, f.SourceID) }

// UsageRecordConnection is a page of usage records.
type UsageRecordConnection = Connection[UsageRecord]

// UsageRecordEdge is one of a page and its cursor.
type UsageRecordEdge = Edge[UsageRecord]

// UsageRecordQuery asks for a page of usage records.
type UsageRecordQuery = Query[*UsageRecordFilter, UsageRecordOrder]

// UsageRecords lists usage records: everybody's, a page for each of some customers or subscriptions.
func (r *Reader) UsageRecords(ctx context.Context, of Parents, q UsageRecordQuery) ([]*UsageRecordConnection, error) {
	return list(ctx, r, usageRecords, of, q)
}

// UsageRecordsByKey returns those of the usage records that there are, in any order.
func (r *Reader) UsageRecordsByKey(ctx context.Context, keys []Key) ([]*UsageRecord, error) {
	return byKey(ctx, r, usageRecords, keys)
}

// UsageRecord looks a record up by its system's id. It returns a NotFound error where there is none.
func (r *Reader) UsageRecord(ctx context.Context, by SourceID) (*UsageRecord, error) {
	found, err := where(ctx, r, usageRecords, 1, func(c *compiler) {
		c.checkText(by.Value)
		c.add("t.source = ", c.bind(by.Source), " AND t.source_id = ", c.bind(by.Value))
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "no usage record is known by this")
	}
	return found[0], nil
}
