package db

import (
	"context"

	"github.com/govalues/decimal"
)

// UsageSummary is the usage of a subscription in a month.
type UsageSummary struct {
	Key
	SubscriptionID *int64 `db:"subscription_id"`
	Source         Source `db:"source"`
	SourceID       string `db:"source_id"`
	// SourceCustomerID and SourceSubscriptionID are the ids in the document.
	SourceCustomerID     *string   `db:"source_customer_id"`
	SourceSubscriptionID *string   `db:"source_subscription_id"`
	YearMonth            YearMonth `db:"year_month"`
	PhoneNumber          *string   `db:"phone_number"`
	ProviderGroup        *string   `db:"provider_group"`
	IsGroupSim           *bool     `db:"is_group_sim"`
	// The amounts are in Currency.
	PremiumAmount       *decimal.Decimal `db:"premium_amount"`
	TotalAmount         *decimal.Decimal `db:"total_amount"`
	InternationalAmount *decimal.Decimal `db:"international_amount"`
	Currency            *string          `db:"currency"`
	Extension           JSON             `db:"extension"`
	// SimCardNumber is the card in the document. NumberName and CardName are the normalized number and card.
	SimCardNumber *string `db:"sim_card_number"`
	// OwnID is SourceSubscriptionID if that is neither a number nor a card.
	OwnID      *string `db:"own_id"`
	NumberName *string `db:"number_name"`
	CardName   *string `db:"card_name"`
	// MonthStart, inclusive, and MonthEnd, exclusive, are the bounds of the month in the time zone of the source.
	MonthStart *Time `db:"month_start"`
	MonthEnd   *Time `db:"month_end"`
	// Scoped is true if only clients of some customers have imported the summary: it is no evidence.
	Scoped bool `db:"scoped" json:",omitzero"`
	// ImportedBy is the id of the import that last changed the record; nil for a record of an older version.
	ImportedBy *int64 `db:"imported_by"`
	// IDHash is the hash in the global id, if the global id hides SourceID.
	IDHash *string `db:"id_hash"`

	// Lines and Buckets hold the parts to store. On reading, only LoadSummaryParts sets them.
	Lines   []*UsageSummaryLine `db:"-"`
	Buckets []*Bucket           `db:"-"`
}

// GlobalID returns the summary's global id.
func (s *UsageSummary) GlobalID() ID { return namedID(TypeUsageSummary, s.Source, s.SourceID) }

// NodeType returns TypeUsageSummary.
func (*UsageSummary) NodeType() NodeType { return TypeUsageSummary }

// SubscriptionKey returns the key of the subscription; false if there is none.
func (s *UsageSummary) SubscriptionKey() (Key, bool) { return keyIn(s.CustomerID, s.SubscriptionID) }

// IsNode marks the type as a Node.
func (*UsageSummary) IsNode() {}

// Premium returns the charges for premium services.
func (s *UsageSummary) Premium() *Money { return moneyOf(s.PremiumAmount, s.Currency) }

// Total returns all usage charges of the month.
func (s *UsageSummary) Total() *Money { return moneyOf(s.TotalAmount, s.Currency) }

// International returns the charges for usage abroad and for calls to other countries.
func (s *UsageSummary) International() *Money { return moneyOf(s.InternationalAmount, s.Currency) }

// UsageSummaryLine is one invoice line of a usage summary.
type UsageSummaryLine struct {
	CustomerID  int64            `db:"customer_id"`
	SummaryID   int64            `db:"summary_id"`
	Position    int32            `db:"position"`
	Type        *string          `db:"type"`
	Code        *string          `db:"code"`
	Description *string          `db:"description"`
	SortOrder   *int32           `db:"sort_order"`
	Quantity    *decimal.Decimal `db:"quantity"`
	Volume      *decimal.Decimal `db:"volume"`
	VolumeUnit  *Unit            `db:"volume_unit"`
	VolumeText  *string          `db:"volume_text"`
	Charge      *decimal.Decimal `db:"amount"`
	Currency    *string          `db:"currency"`
	RefID       *int64           `db:"ref_id"`
	RateClassID *string          `db:"rate_class_id"`
	Extension   JSON             `db:"extension"`

	Record Origin `db:"record"`
}

// Source returns the system that the line came from.
func (l *UsageSummaryLine) Source() Source { return l.Record.Source }

// SourceID returns the id of the line's summary in that system.
func (l *UsageSummaryLine) SourceID() string { return l.Record.SourceID }

// Owner returns the key of the summary.
func (l *UsageSummaryLine) Owner() Key { return Key{l.CustomerID, l.SummaryID} }

// Amount returns the charge of the line.
func (l *UsageSummaryLine) Amount() *Money { return moneyOf(l.Charge, l.Currency) }

// Extensions returns the fields that have no column, in order.
func (s *UsageSummary) Extensions() ([]Characteristic, error) { return s.Extension.members() }

// Extensions returns the fields that have no column, in order.
func (l *UsageSummaryLine) Extensions() ([]Characteristic, error) { return l.Extension.members() }

var usageSummaries = newTable[UsageSummary]("usage_summaries", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id"},
	usageSummaryOrders(), UsageSummaryOrder{"YEAR_MONTH", Descending}, UsageSummaryOrder{"CREATED", Descending})

var usageSummaryLines = newChildren[UsageSummaryLine]("usage_summary_lines", "summary_id", "position", TypeUsageSummary)

// UsageSummaryOrderField is a field that usage summaries can be ordered by.
type UsageSummaryOrderField string

// UsageSummaryOrder is a sort key of usage summaries.
type UsageSummaryOrder struct {
	Field     UsageSummaryOrderField
	Direction OrderDirection
}

func (o UsageSummaryOrder) key() (UsageSummaryOrderField, OrderDirection) {
	return o.Field, o.Direction
}

// UsageSummaryFilter selects the usage summaries that satisfy all of its conditions.
type UsageSummaryFilter struct {
	And            []*UsageSummaryFilter
	Or             []*UsageSummaryFilter
	Not            *UsageSummaryFilter
	CustomerID     *IDFilter
	SubscriptionID *IDFilter
	SourceID       *StringFilter
	YearMonth      *YearMonthFilter
	PhoneNumber    *StringFilter
	ProviderGroup  *StringFilter
	Premium        *DecimalFilter
	Total          *DecimalFilter
	International  *DecimalFilter
	// Customer and Subscription select the summaries whose customer or subscription satisfies the filter.
	Customer     *CustomerFilter
	Subscription *SubscriptionFilter

	// The conditions that only the endpoint of sTN has.
	Source               *SourceFilter
	IsGroupSim           *BooleanFilter
	SourceCustomerID     *StringFilter
	SourceSubscriptionID *StringFilter
	// SimCardNumber compares the card in the document.
	SimCardNumber *StringFilter
	// SourceCustomer selects the summaries whose document names this customer.
	SourceCustomer *SourceID
	// YearMonthLike is a pattern for the month, as StringFilter.Like.
	YearMonthLike *string
	// PhoneDigits selects the summaries whose number consists of these digits or stars, regardless of dashes and
	// spaces.
	PhoneDigits *string
	// Bucket selects the summaries with at least one bucket that satisfies the filter.
	Bucket *BucketFilter
}

func (f *UsageSummaryFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	subscriptionCondition(c, t, f.SubscriptionID)
	textCondition(c, t+"source_id", f.SourceID)
	compare(c, t+"year_month", "text", (*Compare[YearMonth])(f.YearMonth))
	textCondition(c, t+"phone_number", f.PhoneNumber)
	textCondition(c, t+"provider_group", f.ProviderGroup)
	compare(c, t+"premium_amount", "numeric", (*Compare[decimal.Decimal])(f.Premium))
	compare(c, t+"total_amount", "numeric", (*Compare[decimal.Decimal])(f.Total))
	compare(c, t+"international_amount", "numeric", (*Compare[decimal.Decimal])(f.International))
	customerFilterCondition(c, t, f.Customer)
	subscriptionFilterCondition(c, t, f.Subscription)
	enumCondition(c, t+"source", (*EnumFilter[Source])(f.Source))
	textCondition(c, t+"year_month", &StringFilter{Like: f.YearMonthLike})
	booleanCondition(c, t+"is_group_sim", f.IsGroupSim)
	textCondition(c, t+"source_customer_id", f.SourceCustomerID)
	textCondition(c, t+"source_subscription_id", f.SourceSubscriptionID)
	textCondition(c, t+"sim_card_number", f.SimCardNumber)
	sourceCustomerCondition(c, t, f.SourceCustomer)
	if f.PhoneDigits != nil {
		c.checkText(*f.PhoneDigits)
		c.add("REPLACE(REPLACE(", t, "phone_number, '-', ''), ' ', '') = ", c.bind(*f.PhoneDigits))
	}
	if f.Bucket != nil {
		c.exists(t, childrenIn("buckets", "summary_id", nil), func(x string) { f.Bucket.conditions(c, x) })
	}
}

func (f *UsageSummaryFilter) selective() bool { return f != nil && bySourceID(f.Source, f.SourceID) }

// UsageSummaryConnection is a page of usage summaries.
type UsageSummaryConnection = Connection[UsageSummary]

// UsageSummaryEdge is a usage summary of a page with its cursor.
type UsageSummaryEdge = Edge[UsageSummary]

// UsageSummaryQuery selects a page of usage summaries.
type UsageSummaryQuery = Query[*UsageSummaryFilter, UsageSummaryOrder]

// UsageSummaries returns a page of usage summaries for each parent: a customer, a subscription, or NoParent for all.
func (r *Reader) UsageSummaries(ctx context.Context, p *Projection, of Parents, q UsageSummaryQuery) ([]*UsageSummaryConnection, error) {
	return list(ctx, r, p, usageSummaries, of, q)
}

// UsageSummariesByKey returns the usage summaries with the given keys, in any order. Missing ones are left out.
func (r *Reader) UsageSummariesByKey(ctx context.Context, p *Projection, keys []Key) ([]*UsageSummary, error) {
	return byKey(ctx, r, p, usageSummaries, keys)
}

// UsageSummaryLines returns the lines of usage summaries, those of each summary in order.
func (r *Reader) UsageSummaryLines(ctx context.Context, p *Projection, summaries []Key) ([]*UsageSummaryLine, error) {
	return children(ctx, r, p, usageSummaryLines, summaries)
}
