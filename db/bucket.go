package db

import (
	"context"

	"github.com/govalues/decimal"
)

// Bucket is an allowance or a balance: what a line may still use. It stands on a consumption report or on a usage
// summary.
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
	// These amounts are in Unit, ChargedAmount in Currency.
	TotalAmount     *decimal.Decimal `db:"total"`
	UsedAmount      *decimal.Decimal `db:"used"`
	RemainingAmount *decimal.Decimal `db:"remaining"`
	AvailableAmount *decimal.Decimal `db:"available"`
	ReservedAmount  *decimal.Decimal `db:"reserved"`
	ChargedAmount   *decimal.Decimal `db:"charged_amount"`
	IsShared        *bool            `db:"is_shared"`
	IsPrepaid       *bool            `db:"is_prepaid"`
	ValidFrom       *Time            `db:"valid_from"`
	ValidTo         *Time            `db:"valid_to"`
	// CharacteristicsJSON is an array of names and values, ProductsJSON one of products, both as dxp writes them.
	CharacteristicsJSON JSON `db:"characteristics"`
	ProductsJSON        JSON `db:"products"`
	Extension           JSON `db:"extension"`
	// IDHash is the name in the global id.
	IDHash string `db:"id_hash"`

	// Balances and Thresholds are what a writer stores with the bucket; a reader has one of them where they came with it,
	// and then none is an empty list.
	Balances []*BucketBalance `db:"-"`
	Counters []*BucketCounter `db:"-"`
}

// GlobalID returns the bucket's global id.
func (b *Bucket) GlobalID() ID { return ID{Type: TypeBucket, Value: b.IDHash} }

// NodeType returns the bucket's type.
func (*Bucket) NodeType() NodeType { return TypeBucket }

// SubscriptionKey returns the key of the line; false where there is none.
func (b *Bucket) SubscriptionKey() (Key, bool) { return keyIn(b.CustomerID, b.SubscriptionID) }

// ReportKey returns the key of the consumption report that it stands on; false where there is none.
func (b *Bucket) ReportKey() (Key, bool) { return keyIn(b.CustomerID, b.ReportID) }

// SummaryKey returns the key of the usage summary that it stands on; false where there is none.
func (b *Bucket) SummaryKey() (Key, bool) { return keyIn(b.CustomerID, b.SummaryID) }

// IsNode marks what has a global id.
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

// Total returns what the bundle held at first.
func (b *Bucket) Total() *Quantity {
	return b.quantity(b.TotalAmount, b.Unlimited && b.SummaryID != nil)
}

// Used returns what was used of it.
func (b *Bucket) Used() *Quantity { return b.quantity(b.UsedAmount, false) }

// Remaining returns what is left of this period's own.
func (b *Bucket) Remaining() *Quantity { return b.quantity(b.RemainingAmount, b.Unlimited) }

// Available returns what may be used now, with rollover and credit.
func (b *Bucket) Available() *Quantity {
	return b.quantity(b.AvailableAmount, b.Unlimited && b.ReportID != nil)
}

// Reserved returns what running sessions hold in reserve.
func (b *Bucket) Reserved() *Quantity { return b.quantity(b.ReservedAmount, false) }

// Charged returns what its use cost beyond the bundle.
func (b *Bucket) Charged() *Money { return moneyOf(b.ChargedAmount, b.Currency) }

// ValidFor returns when it is valid; nil where the source does not say.
func (b *Bucket) ValidFor() *TimePeriod { return periodOf(b.ValidFrom, b.ValidTo) }

// Characteristics returns what else the source says of it, in order.
func (b *Bucket) Characteristics() ([]Characteristic, error) {
	return b.CharacteristicsJSON.characteristics()
}

// Products returns the public identifiers of the lines that it is for.
func (b *Bucket) Products() ([]string, error) {
	var wire []struct {
		PublicIdentifier string `json:"publicIdentifier"`
	}
	err := b.ProductsJSON.into(&wire)
	list := make([]string, len(wire))
	for i, w := range wire {
		list[i] = w.PublicIdentifier
	}
	return list, err
}

// BucketBalance is a bucket's balance in one period (TMF677).
type BucketBalance struct {
	CustomerID int64 `db:"customer_id"`
	BucketID   int64 `db:"bucket_id"`
	Position   int32 `db:"position"`
	// Amount is in Unit; nil where Unlimited has no number. UnitName is the source's own word.
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

// SourceID returns the id of its bucket in that system.
func (b *BucketBalance) SourceID() string { return b.Record.SourceID }

// Owner returns the key of the bucket.
func (b *BucketBalance) Owner() Key { return Key{b.CustomerID, b.BucketID} }

// Remaining returns what remains of the period's amount.
func (b *BucketBalance) Remaining() *Quantity {
	q := &Quantity{Amount: b.Amount, Unit: b.Unit, Unlimited: b.Unlimited}
	if b.Text != nil {
		q.SourceText = *b.Text
	}
	return q
}

// ValidFor returns the period.
func (b *BucketBalance) ValidFor() *TimePeriod { return periodOf(b.ValidFrom, b.ValidTo) }

// Characteristics returns what else the source says of it, in order.
func (b *BucketBalance) Characteristics() ([]Characteristic, error) {
	return b.CharacteristicsJSON.characteristics()
}

// BucketCounter is a threshold or counter of a bucket (TMF677).
type BucketCounter struct {
	CustomerID int64   `db:"customer_id"`
	BucketID   int64   `db:"bucket_id"`
	Position   int32   `db:"position"`
	Type       *string `db:"type"`
	Level      *string `db:"level"`
	// Amount is in Unit; nil where Unlimited has no number. UnitName is the source's own word.
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

// SourceID returns the id of its bucket in that system.
func (b *BucketCounter) SourceID() string { return b.Record.SourceID }

// Owner returns the key of the bucket.
func (b *BucketCounter) Owner() Key { return Key{b.CustomerID, b.BucketID} }

// Threshold returns the amount that the counter watches for.
func (b *BucketCounter) Threshold() *Quantity {
	return &Quantity{Amount: b.Amount, Unit: b.Unit, Unlimited: b.Unlimited}
}

var buckets = newTable[Bucket]("buckets", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id", TypeConsumptionReport: "report_id", TypeUsageSummary: "summary_id"},
	map[BucketOrderField]column{
		"CREATED":      {name: "id", kind: longColumn},
		"EFFECTIVE_AT": {name: "effective_at", kind: timeColumn},
		"NAME":         {name: "name", kind: textColumn, nullable: true},
		"USAGE_TYPE":   {name: "usage_type", kind: textColumn},
		"USED":         {name: "used", kind: decimalColumn, nullable: true},
		"REMAINING":    {name: "remaining", kind: decimalColumn, nullable: true},
	}, BucketOrder{"EFFECTIVE_AT", Descending}, BucketOrder{"CREATED", Ascending}).withChildJoins(
	joinedChildren[Bucket, BucketBalance]{bucketBalances, func(b *Bucket) *[]*BucketBalance { return &b.Balances }},
	joinedChildren[Bucket, BucketCounter]{bucketCounters, func(b *Bucket) *[]*BucketCounter { return &b.Counters }})

var (
	bucketBalances = newChildren[BucketBalance]("bucket_balances", "bucket_id", "position", TypeBucket)
	bucketCounters = newChildren[BucketCounter]("bucket_counters", "bucket_id", "position", TypeBucket)
)

// BucketOrderField is what buckets can be ordered by.
type BucketOrderField string

// BucketOrder is one key of the order of buckets.
type BucketOrder struct {
	Field     BucketOrderField
	Direction OrderDirection
}

func (o BucketOrder) key() (BucketOrderField, OrderDirection) { return o.Field, o.Direction }

// BucketFilter is which buckets: all of its conditions.
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

	// Charged is what the endpoint of sTN filters by besides.
	Charged *DecimalFilter
}

func (f *BucketFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
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
	compare(c, t+"charged_amount", "numeric", (*Compare[decimal.Decimal])(f.Charged))
}

// BucketConnection is a page of buckets.
type BucketConnection = Connection[Bucket]

// BucketEdge is one of a page and its cursor.
type BucketEdge = Edge[Bucket]

// BucketQuery asks for a page of buckets.
type BucketQuery = Query[*BucketFilter, BucketOrder]

// Buckets lists buckets: everybody's, a page for each of some customers, subscriptions, reports or summaries.
func (r *Reader) Buckets(ctx context.Context, of Parents, q BucketQuery) ([]*BucketConnection, error) {
	return list(ctx, r, buckets, of, q)
}

// BucketsByKey returns those of the buckets that there are, in any order.
func (r *Reader) BucketsByKey(ctx context.Context, keys []Key) ([]*Bucket, error) {
	return byKey(ctx, r, buckets, keys)
}

// BucketBalances returns the balances of buckets, those of each in order.
func (r *Reader) BucketBalances(ctx context.Context, buckets []Key) ([]*BucketBalance, error) {
	return children(ctx, r, bucketBalances, buckets)
}

// BucketCounters returns the counters of buckets, those of each in order.
func (r *Reader) BucketCounters(ctx context.Context, buckets []Key) ([]*BucketCounter, error) {
	return children(ctx, r, bucketCounters, buckets)
}
