package db

import "context"

// ConsumptionReport is a report of an online charging system on one subscription at one time (TMF677).
type ConsumptionReport struct {
	Key
	SubscriptionID *int64 `db:"subscription_id"`
	Source         Source `db:"source"`
	// SourceID consists of the identifier by which the report was requested, and its time.
	SourceID            string  `db:"source_id"`
	EffectiveAt         Time    `db:"effective_at"`
	Description         *string `db:"description"`
	CharacteristicsJSON JSON    `db:"characteristics"`
	// The billing cycle at the report's time; days are whole days.
	CycleID         *string `db:"cycle_id"`
	CycleIntervalID *string `db:"cycle_interval_id"`
	CycleStart      *Time   `db:"cycle_start"`
	CycleEnd        *Time   `db:"cycle_end"`
	CycleDays       *int32  `db:"cycle_days"`
	CycleOffsetDays *int32  `db:"cycle_offset_days"`
	Extension       JSON    `db:"extension"`
	// SourceSubscriptionID is the subscription's own id, SubscriptionName its number, SubscriptionText the identifier
	// by which the report was requested.
	SourceSubscriptionID *string `db:"source_subscription_id"`
	SubscriptionName     *string `db:"subscription_name"`
	SubscriptionText     *string `db:"subscription_text"`
	// BusinessID is the market, two letters.
	BusinessID *string `db:"business_id"`
	// EffectiveText is the time as the document writes it; nil if that is the local time of EffectiveAt.
	EffectiveText *string `db:"effective_text"`
	// Attribution is the rule by which the owner was found, Unattributed the reason for which there is none.
	Attribution  *Attribution        `db:"attribution"`
	Unattributed *UnattributedReason `db:"unattributed"`
	// ImportedBy is the id of the import that last changed the report; nil for a report of an older version.
	ImportedBy *int64 `db:"imported_by"`
	// IDHash is the value of the global id, because SourceID may contain a phone number.
	IDHash string `db:"id_hash"`

	// Buckets are stored with the report. Readers do not set them.
	Buckets []*Bucket `db:"-"`
}

// GlobalID returns the report's global id.
func (r *ConsumptionReport) GlobalID() ID { return ID{Type: TypeConsumptionReport, Value: r.IDHash} }

// NodeType returns the report's type.
func (*ConsumptionReport) NodeType() NodeType { return TypeConsumptionReport }

// SubscriptionKey returns the key of the subscription; false if there is none.
func (r *ConsumptionReport) SubscriptionKey() (Key, bool) {
	return keyIn(r.CustomerID, r.SubscriptionID)
}

// IsNode marks the type as a Node.
func (*ConsumptionReport) IsNode() {}

// BillingCycle is a billing cycle of a subscription.
type BillingCycle struct {
	ID, IntervalID           *string
	Start, End               *Time
	DurationDays, OffsetDays *int32
}

// BillingCycle returns the billing cycle at the report's time; nil if the source gives none.
func (r *ConsumptionReport) BillingCycle() *BillingCycle {
	c := BillingCycle{r.CycleID, r.CycleIntervalID, r.CycleStart, r.CycleEnd, r.CycleDays, r.CycleOffsetDays}
	if c == (BillingCycle{}) {
		return nil
	}
	return &c
}

// Characteristics returns further names and values that the source gives, in order.
func (r *ConsumptionReport) Characteristics() ([]Characteristic, error) {
	return r.CharacteristicsJSON.characteristics()
}

// Extensions returns the fields that have no column, in order.
func (r *ConsumptionReport) Extensions() ([]Characteristic, error) { return r.Extension.members() }

var consumptionReports = newTable[ConsumptionReport]("consumption_reports", "id",
	map[NodeType]string{TypeCustomer: "", TypeSubscription: "subscription_id"},
	map[ConsumptionReportOrderField]column{
		"CREATED":      {name: "id", kind: longColumn},
		"EFFECTIVE_AT": {name: "effective_at", kind: timeColumn},
	}, ConsumptionReportOrder{"EFFECTIVE_AT", Descending}, ConsumptionReportOrder{"CREATED", Descending})

// ConsumptionReportOrderField is a field by which consumption reports can be ordered.
type ConsumptionReportOrderField string

// ConsumptionReportOrder is one key of the order of consumption reports.
type ConsumptionReportOrder struct {
	Field     ConsumptionReportOrderField
	Direction OrderDirection
}

func (o ConsumptionReportOrder) key() (ConsumptionReportOrderField, OrderDirection) {
	return o.Field, o.Direction
}

// ConsumptionReportFilter selects the consumption reports that satisfy all of its conditions.
type ConsumptionReportFilter struct {
	And            []*ConsumptionReportFilter
	Or             []*ConsumptionReportFilter
	Not            *ConsumptionReportFilter
	CustomerID     *IDFilter
	SubscriptionID *IDFilter
	SourceID       *StringFilter
	EffectiveAt    *DateTimeFilter
	BillingCycle   *BillingCycleFilter
	// Current selects the latest report of each subscription, or all others.
	Current *bool
	// Customer and Subscription select the reports whose customer or subscription satisfies the filter.
	Customer     *CustomerFilter
	Subscription *SubscriptionFilter
}

// BillingCycleFilter selects the reports whose billing cycle satisfies all of its conditions.
type BillingCycleFilter struct {
	ID         *StringFilter
	IntervalID *StringFilter
	Start      *DateTimeFilter
	End        *DateTimeFilter
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
	if cycle := f.BillingCycle; cycle != nil {
		textCondition(c, t+"cycle_id", cycle.ID)
		textCondition(c, t+"cycle_interval_id", cycle.IntervalID)
		compare(c, t+"cycle_start", "timestamptz", (*Compare[Time])(cycle.Start))
		compare(c, t+"cycle_end", "timestamptz", (*Compare[Time])(cycle.End))
	}
	currentCondition(c, t, f.Current, currentReport)
	customerFilterCondition(c, t, f.Customer)
	subscriptionFilterCondition(c, t, f.Subscription)
}

// ConsumptionReportConnection is a page of consumption reports.
type ConsumptionReportConnection = Connection[ConsumptionReport]

// ConsumptionReportEdge is a consumption report of a page and its cursor.
type ConsumptionReportEdge = Edge[ConsumptionReport]

// ConsumptionReportQuery selects a page of consumption reports.
type ConsumptionReportQuery = Query[*ConsumptionReportFilter, ConsumptionReportOrder]

// ConsumptionReports returns a page of consumption reports for each parent (customer or subscription), or one page of
// all reports for NoParent.
func (r *Reader) ConsumptionReports(ctx context.Context, p *Projection, of Parents, q ConsumptionReportQuery) ([]*ConsumptionReportConnection, error) {
	return list(ctx, r, p, consumptionReports, of, q)
}

// ConsumptionReportsByKey returns the consumption reports with these keys that exist within the reader's scope, in any
// order.
func (r *Reader) ConsumptionReportsByKey(ctx context.Context, p *Projection, keys []Key) ([]*ConsumptionReport, error) {
	return byKey(ctx, r, p, consumptionReports, keys)
}
