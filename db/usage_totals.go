package db

import "encoding/json"

// UsageTotals holds the totals of one group of usage records. Sums are exact and never mix units or currencies.
type UsageTotals struct {
	// Window is the window of the group; the whole period if it was not divided.
	Window *TimeWindow
	Key    *UsageKey
	// Records is the number of records. Customers and Subscriptions are numbers of distinct ones; records without one do
	// not count.
	Records       int64 `db:"records"`
	Customers     int64 `db:"customers"`
	Subscriptions int64 `db:"subscriptions"`
	// Data is in megabytes, Duration in seconds, Items a number of one-off items.
	Data     QuantityTotals `db:"data"`
	Duration QuantityTotals `db:"duration"`
	Items    QuantityTotals `db:"items"`
	// Charges has one element for each currency, in alphabetical order; charges without a currency are last.
	Charges []*ChargeTotals `db:"charges"`
	// Previous holds the totals of the same group in the period to compare with; nil without one.
	Previous *UsageTotals `db:"previous"`
}

// QuantityTotals holds the totals of a quantity in one unit.
type QuantityTotals struct {
	Unit Unit
	// Count is the number of records with this quantity.
	Count int64
	Sum   DecimalSum
	// Minimum and Maximum are nil without records.
	Minimum *DecimalSum `db:"extremes"`
	Maximum *DecimalSum `db:"extremes"`
}

// Average returns the average, rounded once to 19 significant digits; nil without records.
func (q *QuantityTotals) Average() *DecimalSum {
	if q.Count == 0 {
		return nil
	}
	return new(q.Sum.Average(q.Count))
}

// ChargeTotals holds the totals of charges in one currency.
type ChargeTotals struct {
	// Currency is an ISO 4217 code; nil for prices without a currency.
	Currency    *string
	RatedUsages int64
	TaxExcluded DecimalSum `db:"tax_excluded_amount"`
	// Unbilled is the part of TaxExcluded that is reported as not billed.
	Unbilled DecimalSum `db:"unbilled"`
	// TaxIncluded and the amounts below are nil if no rated usage has one.
	TaxIncluded     *DecimalSum `db:"tax_included_amount"`
	PreDiscounted   *DecimalSum `db:"pre_discounted_amount"`
	CostAmount      *DecimalSum `db:"cost_amount"`
	RatedCostAmount *DecimalSum `db:"rated_cost_amount"`
	ProfitAmount    *DecimalSum `db:"profit_amount"`

	costHidden bool
}

// Cost returns the purchase price; nil if no rated usage has one. It returns a Forbidden error if the scope hides
// costs, as the next two methods do.
func (c *ChargeTotals) Cost() (*DecimalSum, error) { return c.hidden(c.CostAmount) }

// RatedCost returns the rated purchase price of elevate.
func (c *ChargeTotals) RatedCost() (*DecimalSum, error) { return c.hidden(c.RatedCostAmount) }

// Profit returns the price minus the purchase price.
func (c *ChargeTotals) Profit() (*DecimalSum, error) { return c.hidden(c.ProfitAmount) }

func (c *ChargeTotals) hidden(amount *DecimalSum) (*DecimalSum, error) {
	if c.costHidden {
		return nil, errCostHidden
	}
	return amount, nil
}

// UsageTotalsQuery selects totals of usage records.
type UsageTotalsQuery struct {
	Period   PeriodInput
	TimeZone string
	// Window divides the period; nil for one window.
	Window *WindowInput
	// By are the dimensions of the groups.
	By     []UsageDimension
	Filter *UsageRecordFilter
	// Having restricts the groups.
	Having  *UsageTotalsFilter
	OrderBy []*UsageTotalsOrder
	// CompareWith is the period of UsageTotals.Previous; nil for none.
	CompareWith *Comparison
	// First is the number of groups. After is a cursor.
	First int32
	After *string
}

// Identity returns a text that identifies the query.
func (q UsageTotalsQuery) Identity() string {
	text, err := json.Marshal(q)
	if err != nil {
		panic("db: cannot encode a query: " + err.Error())
	}
	return string(text)
}

// TotalsLimits bound the totals of one field.
type TotalsLimits struct {
	// Records is the maximum number of records that are read, Groups the maximum number of groups.
	Records, Groups int
}

// DefaultTotalsLimits are the limits of a reader without others.
var DefaultTotalsLimits = TotalsLimits{Records: 2_000_000, Groups: 10_000}

// LimitTotals returns a reader with other limits of totals.
func (r *Reader) LimitTotals(l TotalsLimits) *Reader {
	limited := *r
	limited.totals = l
	return &limited
}

// maxDimensions is the maximum number of dimensions of UsageTotalsQuery.By.
const maxDimensions = 4

// UsageTotalsFilter restricts groups of usage records; all conditions that are set must hold.
type UsageTotalsFilter struct {
	Records       *LongFilter
	Subscriptions *LongFilter
	// Data is in megabytes, Duration in seconds.
	Data     *DecimalFilter
	Duration *DecimalFilter
	Charges  *ChargeTotalsFilter
}

// ChargeTotalsFilter restricts groups by their charges in one currency. A group without such charges counts as zero.
type ChargeTotalsFilter struct {
	Currency    string
	TaxExcluded *DecimalFilter
	Profit      *DecimalFilter
}

// UsageTotalsOrderField is a value that groups can be ordered by.
type UsageTotalsOrderField string

// UsageTotalsOrder is a sort key of groups. Currency is set for amounts of money alone.
type UsageTotalsOrder struct {
	Field     UsageTotalsOrderField
	Currency  *string
	Direction OrderDirection
}

// TotalsConnection is a page of groups.
type TotalsConnection[T any] struct {
	Nodes           []*T `db:"nodes"`
	HasNextPage     bool `db:"nodes"`
	HasPreviousPage bool `db:"nodes"`
	// TotalCount is the number of groups that satisfy the filter of groups.
	TotalCount int32 `db:"total_count"`
	// Total holds the totals of all records of the period.
	Total *T `db:"total"`

	cursors []string
}

// TotalsEdge is a group of a page with its cursor.
type TotalsEdge[T any] struct {
	Node   *T
	Cursor string
}

// UsageTotalsConnection is a page of groups of usage records.
type UsageTotalsConnection = TotalsConnection[UsageTotals]

// UsageTotalsEdge is a group of usage records with its cursor.
type UsageTotalsEdge = TotalsEdge[UsageTotals]

// Edges returns the groups with their cursors.
func (c *TotalsConnection[T]) Edges() []*TotalsEdge[T] {
	edges := make([]*TotalsEdge[T], len(c.Nodes))
	for i, n := range c.Nodes {
		edges[i] = &TotalsEdge[T]{n, c.cursors[i]}
	}
	return edges
}

// PageInfo returns the position of the page.
func (c *TotalsConnection[T]) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: c.HasNextPage, HasPreviousPage: c.HasPreviousPage}
	if n := len(c.cursors); n > 0 {
		info.StartCursor, info.EndCursor = &c.cursors[0], &c.cursors[n-1]
	}
	return info
}
