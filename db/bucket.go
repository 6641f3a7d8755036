package db

import (
	"context"

	"github.com/govalues/decimal"
)

// Bucket is an allowance or a balance of a subscription, as part of a consumption report or of a usage summary.
type Bucket struct {
	Key
	SubscriptionID *int64    `db:"subscription_id"`
	ReportID       *int64    `db:"report_id"`
	SummaryID      *int64    `db:"summary_id"`
	Source         Source    `db:"source"`
	SourceID       string    `db:"source_id"`
	EffectiveAt    Time      `db:"effective_at"`
	Name           *string   `db:"name"`
	UsageType      UsageType `db:"usage_type"`
	UsageTypeName  *string   `db:"usage_type_name"`
	Unit           *Unit     `db:"unit"`
	Currency       *string   `db:"currency"`
	Unlimited      bool      `db:"unlimited"`
	// The amounts are in Unit, except ChargedAmount, which is in Currency.
	TotalAmount     *decimal.Decimal `db:"total"`
	UsedAmount      *decimal.Decimal `db:"used"`
	RemainingAmount *decimal.Decimal `db:"remaining"`
	AvailableAmount *decimal.Decimal `db:"available"`
	ReservedAmount  *decimal.Decimal `db:"reserved"`
	ChargedAmount   *decimal.Decimal `db:"charged_amount"`
	// UsedPercent and OverageAmount are computed from the total and the used amount.
	UsedPercent   *decimal.Decimal `db:"used_percent"`
	OverageAmount *decimal.Decimal `db:"overage"`
	IsShared      *bool            `db:"is_shared"`
	IsPrepaid     *bool            `db:"is_prepaid"`
	ValidFrom     *Time            `db:"valid_from"`
	ValidTo       *Time            `db:"valid_to"`
	// CharacteristicsJSON is an array of names and values, ProductsJSON an array of products, both in dxp's JSON form.
	CharacteristicsJSON JSON `db:"characteristics"`
	ProductsJSON        JSON `db:"products"`
	Extension           JSON `db:"extension"`
	// IDHash is the value of the global id.
	IDHash string `db:"id_hash"`
	// SharedID is the identity of a bucket that several subscriptions share: the same in each report with the bucket. It
	// is nil for other buckets.
	SharedID *string `db:"shared_id"`

	// Balances and Counters are stored with the bucket. A reader sets the list that its query joins to the bucket:
	// empty if there are none, nil if the list was not joined.
	Balances []*BucketBalance `db:"-"`
	Counters []*BucketCounter `db:"-"`
}

// GlobalID returns the bucket's global id.
func (b *Bucket) GlobalID() ID { return ID{Type: TypeBucket, Value: b.IDHash} }

// NodeType returns the bucket's type.
func (*Bucket) NodeType() NodeType { return TypeBucket }

// SubscriptionKey returns the key of the subscription; false if there is none.
func (b *Bucket) SubscriptionKey() (Key, bool) { return keyIn(b.CustomerID, b.SubscriptionID) }

// ReportKey returns the key of the bucket's consumption report; false if there is none.
func (b *Bucket) ReportKey() (Key, bool) { return keyIn(b.CustomerID, b.ReportID) }

// SummaryKey returns the key of the bucket's usage summary; false if there is none.
func (b *Bucket) SummaryKey() (Key, bool) { return keyIn(b.CustomerID, b.SummaryID) }

// IsNode marks the type as a Node.
func (*Bucket) IsNode() {}

func (b *Bucket) quantity(amount *decimal.Decimal, unlimited bool) *Quantity {
	unit := Unit("")
	if b.Unit != nil {
		unit = *b.Unit
	}
	q := quantityOf(amount, unit, unlimited)
	if q != nil && amount != nil && !unlimited && unit == Currency && b.Currency != nil {
		q.SourceText = amount.String() + " " + *b.Currency
	}
	return q
}

// Total returns the initial amount.
func (b *Bucket) Total() *Quantity {
	return b.quantity(b.TotalAmount, b.Unlimited && b.SummaryID != nil)
}

// Used returns the used amount.
func (b *Bucket) Used() *Quantity { return b.quantity(b.UsedAmount, false) }

// Remaining returns the amount left of this period's own allowance.
func (b *Bucket) Remaining() *Quantity { return b.quantity(b.RemainingAmount, b.Unlimited) }

// Available returns the amount that can be used now, with rollover and credit.
func (b *Bucket) Available() *Quantity {
	return b.quantity(b.AvailableAmount, b.Unlimited && b.ReportID != nil)
}

// Reserved returns the amount reserved for running sessions.
func (b *Bucket) Reserved() *Quantity { return b.quantity(b.ReservedAmount, false) }

// Overage returns the amount used beyond the total; zero within it.
func (b *Bucket) Overage() *Quantity { return b.quantity(b.OverageAmount, false) }

// Charged returns the charge for usage beyond the allowance.
func (b *Bucket) Charged() *Money { return moneyOf(b.ChargedAmount, b.Currency) }

// ValidFor returns the period of validity; nil if the source gives none.
func (b *Bucket) ValidFor() *TimePeriod { return periodOf(b.ValidFrom, b.ValidTo) }

// Characteristics returns further names and values that the source gives, in order.
func (b *Bucket) Characteristics() ([]Characteristic, error) {
	return b.CharacteristicsJSON.characteristics()
}

// Extensions returns the fields that have no column, in order.
func (b *Bucket) Extensions() ([]Characteristic, error) { return b.Extension.members() }

// Products returns the public identifiers of the subscriptions that the bucket is for.
func (b *Bucket) Products() ([]string, error) { return publicIdentifiers(b.ProductsJSON) }

// BucketBalance is the balance of a bucket in one period (TMF677).
type BucketBalance struct {
	CustomerID int64 `db:"customer_id"`
	BucketID   int64 `db:"bucket_id"`
	Position   int32 `db:"position"`
	// Amount is in Unit; nil if Unlimited comes without a number. UnitName is the unit as the source writes it.
	Amount              *decimal.Decimal `db:"remaining"`
	Unit                *Unit            `db:"unit"`
	UnitName            *string          `db:"unit_name"`
	Unlimited           bool             `db:"unlimited"`
	Text                *string          `db:"remaining_text"`
	ValidFrom           *Time            `db:"valid_from"`
	ValidTo             *Time            `db:"valid_to"`
	IsCurrent           *bool            `db:"is_current"`
	CharacteristicsJSON JSON             `db:"characteristics"`
	Extension           JSON             `db:"extension"`

	Record Origin `db:"record"`
}

// Source returns the system that the balance came from.
func (b *BucketBalance) Source() Source { return b.Record.Source }

// SourceID returns the id of the bucket in that system.
func (b *BucketBalance) SourceID() string { return b.Record.SourceID }

// Owner returns the key of the bucket.
func (b *BucketBalance) Owner() Key { return Key{b.CustomerID, b.BucketID} }

// Remaining returns the amount that remains of the period's amount.
func (b *BucketBalance) Remaining() *Quantity {
	q := &Quantity{Amount: b.Amount, Unit: b.Unit, Unlimited: b.Unlimited}
	if b.Text != nil {
		q.SourceText = *b.Text
	}
	return q
}

// ValidFor returns the period.
func (b *BucketBalance) ValidFor() *TimePeriod { return periodOf(b.ValidFrom, b.ValidTo) }

// Characteristics returns further names and values that the source gives, in order.
func (b *BucketBalance) Characteristics() ([]Characteristic, error) {
	return b.CharacteristicsJSON.characteristics()
}

// Extensions returns the fields that have no column, in order.
func (b *BucketBalance) Extensions() ([]Characteristic, error) { return b.Extension.members() }

// BucketCounter is a threshold or counter of a bucket (TMF677).
type BucketCounter struct {
	CustomerID int64   `db:"customer_id"`
	BucketID   int64   `db:"bucket_id"`
	Position   int32   `db:"position"`
	Type       *string `db:"type"`
	Level      *string `db:"level"`
	// Amount is in Unit; nil if Unlimited comes without a number. UnitName is the unit as the source writes it.
	Amount    *decimal.Decimal `db:"threshold"`
	Unit      *Unit            `db:"unit"`
	UnitName  *string          `db:"unit_name"`
	Unlimited bool             `db:"unlimited"`
	Name      *string          `db:"name"`
	Extension JSON             `db:"extension"`

	Record Origin `db:"record"`
}

// Source returns the system that the counter came from.
func (b *BucketCounter) Source() Source { return b.Record.Source }

// SourceID returns the id of the bucket in that system.
func (b *BucketCounter) SourceID() string { return b.Record.SourceID }

// Owner returns the key of the bucket.
func (b *BucketCounter) Owner() Key { return Key{b.CustomerID, b.BucketID} }

// Threshold returns the amount of the threshold or counter.
func (b *BucketCounter) Threshold() *Quantity {
	return &Quantity{Amount: b.Amount, Unit: b.Unit, Unlimited: b.Unlimited}
}

// Extensions returns the fields that have no column, in order.
func (c *BucketCounter) Extensions() ([]Characteristic, error) { return c.Extension.members() }

var buckets = newTable[Bucket]("buckets", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id", TypeConsumptionReport: "report_id", TypeUsageSummary: "summary_id"},
	map[BucketOrderField]column{
		"CREATED":      {name: "id", kind: longColumn},
		"EFFECTIVE_AT": {name: "effective_at", kind: timeColumn},
		"NAME":         {name: "name", kind: textColumn, nullable: true},
		"USAGE_TYPE":   {name: "usage_type", kind: textColumn},
		"USED":         {name: "used", kind: decimalColumn, nullable: true},
		"REMAINING":    {name: "remaining", kind: decimalColumn, nullable: true},
		"USED_PERCENT": {name: "used_percent", kind: decimalColumn, nullable: true},
		"OVERAGE":      {name: "overage", kind: decimalColumn, nullable: true},
		"CHARGED":      {name: "charged_amount", kind: decimalColumn, nullable: true},
	}, BucketOrder{"EFFECTIVE_AT", Descending}, BucketOrder{"CREATED", Ascending}).withChildJoins(
	joinedChildren[Bucket, BucketBalance]{bucketBalances, func(b *Bucket) *[]*BucketBalance { return &b.Balances }},
	joinedChildren[Bucket, BucketCounter]{bucketCounters, func(b *Bucket) *[]*BucketCounter { return &b.Counters }})

var (
	bucketBalances = newChildren[BucketBalance]("bucket_balances", "bucket_id", "position", TypeBucket)
	bucketCounters = newChildren[BucketCounter]("bucket_counters", "bucket_id", "position", TypeBucket)
)

// BucketOrderField is a field by which buckets can be ordered.
type BucketOrderField string

// BucketOrder is one key of the order of buckets.
type BucketOrder struct {
	Field     BucketOrderField
	Direction OrderDirection
}

func (o BucketOrder) key() (BucketOrderField, OrderDirection) { return o.Field, o.Direction }

// BucketFilter selects the buckets that satisfy all of its conditions.
type BucketFilter struct {
	And            []*BucketFilter
	Or             []*BucketFilter
	Not            *BucketFilter
	CustomerID     *IDFilter
	SubscriptionID *IDFilter
	Source         *SourceFilter
	SourceID       *StringFilter
	EffectiveAt    *DateTimeFilter
	Name           *StringFilter
	UsageType      *UsageTypeFilter
	UsageTypeName  *StringFilter
	Unit           *UnitFilter
	Unlimited      *BooleanFilter
	Total          *DecimalFilter
	Used           *DecimalFilter
	Remaining      *DecimalFilter
	Available      *DecimalFilter
	IsShared       *BooleanFilter
	IsPrepaid      *BooleanFilter
	UsedPercent    *DecimalFilter
	Overage        *DecimalFilter
	Charged        *DecimalFilter
	// Current selects the buckets of the latest report or summary of each subscription, or all others. A bucket that several
	// subscriptions share is current once, unless there is a condition on the subscription.
	Current *bool
	// Customer and Subscription select the buckets whose customer or subscription satisfies the filter.
	Customer     *CustomerFilter
	Subscription *SubscriptionFilter
}

func (f *BucketFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	outer := c.ofSubscription
	c.ofSubscription = outer || f.SubscriptionID != nil || f.Subscription != nil
	defer func() { c.ofSubscription = outer }()
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	subscriptionCondition(c, t, f.SubscriptionID)
	enumCondition(c, t+"source", (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"source_id", f.SourceID)
	compare(c, t+"effective_at", "timestamptz", (*Compare[Time])(f.EffectiveAt))
	textCondition(c, t+"name", f.Name)
	enumCondition(c, t+"usage_type", (*EnumFilter[UsageType])(f.UsageType))
	textCondition(c, t+"usage_type_name", f.UsageTypeName)
	enumCondition(c, t+"unit", (*EnumFilter[Unit])(f.Unit))
	booleanCondition(c, t+"unlimited", f.Unlimited)
	compare(c, t+"total", "numeric", (*Compare[decimal.Decimal])(f.Total))
	compare(c, t+"used", "numeric", (*Compare[decimal.Decimal])(f.Used))
	compare(c, t+"remaining", "numeric", (*Compare[decimal.Decimal])(f.Remaining))
	compare(c, t+"available", "numeric", (*Compare[decimal.Decimal])(f.Available))
	booleanCondition(c, t+"is_shared", f.IsShared)
	booleanCondition(c, t+"is_prepaid", f.IsPrepaid)
	compare(c, t+"used_percent", "numeric", (*Compare[decimal.Decimal])(f.UsedPercent))
	compare(c, t+"overage", "numeric", (*Compare[decimal.Decimal])(f.Overage))
	compare(c, t+"charged_amount", "numeric", (*Compare[decimal.Decimal])(f.Charged))
	currentCondition(c, t, f.Current, currentBucket)
	customerFilterCondition(c, t, f.Customer)
	subscriptionFilterCondition(c, t, f.Subscription)
}

// BucketConnection is a page of buckets.
type BucketConnection = Connection[Bucket]

// BucketEdge is a bucket of a page and its cursor.
type BucketEdge = Edge[Bucket]

// BucketQuery selects a page of buckets.
type BucketQuery = Query[*BucketFilter, BucketOrder]

// Buckets returns a page of buckets for each parent (customer, subscription, consumption report or usage summary), or
// one page of all buckets for NoParent.
func (r *Reader) Buckets(ctx context.Context, p *Projection, of Parents, q BucketQuery) ([]*BucketConnection, error) {
	return list(ctx, r, p, buckets, of, q)
}

// BucketsByKey returns the buckets with these keys that exist within the reader's scope, in any order.
func (r *Reader) BucketsByKey(ctx context.Context, p *Projection, keys []Key) ([]*Bucket, error) {
	return byKey(ctx, r, p, buckets, keys)
}

// BucketBalances returns the balances of buckets, those of each bucket in order.
func (r *Reader) BucketBalances(ctx context.Context, p *Projection, buckets []Key) ([]*BucketBalance, error) {
	return children(ctx, r, p, bucketBalances, buckets)
}

// BucketCounters returns the counters of buckets, those of each bucket in order.
func (r *Reader) BucketCounters(ctx context.Context, p *Projection, buckets []Key) ([]*BucketCounter, error) {
	return children(ctx, r, p, bucketCounters, buckets)
}
