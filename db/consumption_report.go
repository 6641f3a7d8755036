package db

import "context"

// ConsumptionReport is what an online charging system said of one line at one moment (TMF677).
type ConsumptionReport struct {
	Key
	SubscriptionID *int64 `db:"subscription_id"`
	Source         Source `db:"source"`
	// SourceID is the identifier that the report was asked by, and its time.
	SourceID            string  `db:"source_id"`
	EffectiveAt         Time    `db:"effective_at"`
	Description         *string `db:"description"`
	CharacteristicsJSON JSON    `db:"characteristics"`
	// The billing cycle that ran then; days are whole days.
	CycleID         *string `db:"cycle_id"`
	CycleIntervalID *string `db:"cycle_interval_id"`
	CycleStart      *Time   `db:"cycle_start"`
	CycleEnd        *Time   `db:"cycle_end"`
	CycleDays       *int32  `db:"cycle_days"`
	CycleOffsetDays *int32  `db:"cycle_offset_days"`
	Extension       JSON    `db:"extension"`
	// SourceSubscriptionID is the line's own id, LineName its number, LineText the identifier as it was asked by.
	SourceSubscriptionID *string `db:"source_subscription_id"`
	SubscriptionName     *string `db:"subscription_name"`
	SubscriptionText     *string `db:"subscription_text"`
	// BusinessID is the market, two letters.
	BusinessID *string `db:"business_id"`
	// EffectiveText is the time as the document writes it; nil where that is the local time of EffectiveAt.
	EffectiveText *string `db:"effective_text"`
	// Attribution tells how the owner was found, Unattributed why there is none.
	Attribution  *Attribution        `db:"attribution"`
	Unattributed *UnattributedReason `db:"unattributed"`
	// IDHash is the name in the global id: SourceID may hold a phone number.
	IDHash string `db:"id_hash"`

	// Buckets are the buckets that a writer stores with the report.
	Buckets []*Bucket `db:"-"`
}

// GlobalID returns the report's global id.
func (r *ConsumptionReport) GlobalID() ID { return ID{Type: TypeConsumptionReport, Value: r.IDHash} }

// NodeType returns the report's type.
func (*ConsumptionReport) NodeType() NodeType { return TypeConsumptionReport }

// SubscriptionKey returns the key of the line; false where there is none.
func (r *ConsumptionReport) SubscriptionKey() (Key, bool) {
	return keyIn(r.CustomerID, r.SubscriptionID)
}

// IsNode marks what has a global id.
func (*ConsumptionReport) IsNode() {}

// BillingCycle is a billing cycle.
type BillingCycle struct {
	ID, IntervalID           *string
	Start, End               *Time
	DurationDays, OffsetDays *int32
}

// BillingCycle returns the cycle that ran at the report's time; nil where the source does not say.
func (r *ConsumptionReport) BillingCycle() *BillingCycle {
	c := BillingCycle{r.CycleID, r.CycleIntervalID, r.CycleStart, r.CycleEnd, r.CycleDays, r.CycleOffsetDays}
	if c == (BillingCycle{}) {
		return nil
	}
	return &c
}

// Characteristics returns what else the source says of it, in order.
func (r *ConsumptionReport) Characteristics() ([]Characteristic, error) {
	return r.CharacteristicsJSON.characteristics()
}

var consumptionReports = newTable[ConsumptionReport]("consumption_reports", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id"},
	map[ConsumptionReportOrderField]column{
		"CREATED":      {name: "id", kind: longColumn},
		"EFFECTIVE_AT": {name: "effective_at", kind: timeColumn},
	}, ConsumptionReportOrder{"EFFECTIVE_AT", Descending}, ConsumptionReportOrder{"CREATED", Descending})

// ConsumptionReportOrderField is what consumption reports can be ordered by.
type ConsumptionReportOrderField string

// ConsumptionReportOrder is one key of the order of consumption reports.
type ConsumptionReportOrder struct {
	Field     ConsumptionReportOrderField
	Direction OrderDirection
}

func (o ConsumptionReportOrder) key() (ConsumptionReportOrderField, OrderDirection) {
	return o.Field, o.Direction
}

// ConsumptionReportFilter is which consumption reports: all of its conditions.
type ConsumptionReportFilter struct {
	And            []*ConsumptionReportFilter
	Or             []*ConsumptionReportFilter
	Not            *ConsumptionReportFilter
	CustomerID     *IDFilter
	SubscriptionID *IDFilter
	SourceID       *StringFilter
	EffectiveAt    *DateTimeFilter
}

func (f *ConsumptionReportFilter) conditions(c *compiler, t string) {
	if f == nil {
		return
	}
	logic(c, t, f.And, f.Or, f.Not)
	customerCondition(c, t, f.CustomerID)
	subscriptionCondition(c, t, f.SubscriptionID)
	textCondition(c, t+"source_id", f.SourceID)
	compare(c, t+"effective_at", "timestamptz", (*Compare[Time])(f.EffectiveAt))
}

// ConsumptionReportConnection is a page of consumption reports.
type ConsumptionReportConnection = Connection[ConsumptionReport]

// ConsumptionReportEdge is one of a page and its cursor.
type ConsumptionReportEdge = Edge[ConsumptionReport]

// ConsumptionReportQuery asks for a page of consumption reports.
type ConsumptionReportQuery = Query[*ConsumptionReportFilter, ConsumptionReportOrder]

// ConsumptionReports lists consumption reports: everybody's, a page for each of some customers or subscriptions.
func (r *Reader) ConsumptionReports(ctx context.Context, of Parents, q ConsumptionReportQuery) ([]*ConsumptionReportConnection, error) {
	return list(ctx, r, consumptionReports, of, q)
}

// ConsumptionReportsByKey returns those of the consumption reports that there are, in any order.
func (r *Reader) ConsumptionReportsByKey(ctx context.Context, keys []Key) ([]*ConsumptionReport, error) {
	return byKey(ctx, r, consumptionReports, keys)
}
