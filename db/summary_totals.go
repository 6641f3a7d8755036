package db

import "encoding/json"

// SummaryDimension is a property to group usage summaries by.
type SummaryDimension string

// SummaryKey holds the values that the usage summaries of a group share. A value is nil if it was not a dimension or if
// the summaries have none.
type SummaryKey struct {
	YearMonth     *YearMonth
	ProviderGroup *string
	GroupOwner
}

var summaryDimensions = map[SummaryDimension]dimensionOf[SummaryKey]{
	"YEAR_MONTH":     {column{name: "year_month"}, setText(func(k *SummaryKey) **YearMonth { return &k.YearMonth })},
	"CUSTOMER":       {customerDimension, func(k *SummaryKey, v any) { k.setCustomer(v) }},
	"SUBSCRIPTION":   {subscriptionDimension, func(k *SummaryKey, v any) { k.setSubscription(v) }},
	"PROVIDER_GROUP": {column{name: "provider_group", nullable: true}, setText(func(k *SummaryKey) **string { return &k.ProviderGroup })},
}

// maxSummaryDimensions is the maximum number of dimensions of SummaryTotalsQuery.By.
const maxSummaryDimensions = 3

// SummaryTotals holds the totals of one group of usage summaries. Sums are exact and never mix units or currencies.
type SummaryTotals struct {
	Key *SummaryKey
	// Summaries is the number of summaries. Customers and Subscriptions are numbers of distinct ones; summaries without
	// one do not count.
	Summaries     int64 `db:"summaries"`
	Customers     int64 `db:"customers"`
	Subscriptions int64 `db:"subscriptions"`
	// Charges has one element for each currency, in alphabetical order; charges without a currency are last.
	Charges []*SummaryCharges `db:"charges"`
	// Volumes has one element for each unit of the lines of the summaries, in alphabetical order.
	Volumes []*QuantityTotals `db:"volumes"`
}

// SummaryCharges holds the totals of the charges of summaries in one currency.
type SummaryCharges struct {
	// Currency is an ISO 4217 code; nil for charges without a currency.
	Currency                      *string
	Total, Premium, International DecimalSum
}

// SummaryTotalsQuery selects totals of usage summaries.
type SummaryTotalsQuery struct {
	// From and To are the first and the last month.
	From, To YearMonth
	// By are the dimensions of the groups.
	By      []SummaryDimension
	Filter  *UsageSummaryFilter
	OrderBy []*SummaryTotalsOrder
	// First is the number of groups. After is a cursor.
	First int32
	After *string
}

// question returns a text that identifies the query without its page.
func (q SummaryTotalsQuery) question() string {
	q.First, q.After = 0, nil
	text, err := json.Marshal(q)
	if err != nil {
		panic("db: cannot encode a query: " + err.Error())
	}
	return string(text)
}

// SummaryTotalsOrderField is a value that groups of summaries can be ordered by.
type SummaryTotalsOrderField string

// SummaryTotalsOrder is a sort key of groups of summaries. Currency is set for amounts of money alone.
type SummaryTotalsOrder struct {
	Field     SummaryTotalsOrderField
	Currency  *string
	Direction OrderDirection
}

// SummaryTotalsConnection is a page of groups of summaries.
type SummaryTotalsConnection = TotalsConnection[SummaryTotals]

// SummaryTotalsEdge is a group of summaries with its cursor.
type SummaryTotalsEdge = TotalsEdge[SummaryTotals]
