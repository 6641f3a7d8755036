package stn

import (
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// redecode returns a stored usage summary with the customer, subscription, bounds of the month and currency that decode
// would return for its document.
func (d decoder) redecode(s *db.UsageSummary) *ingest.Record {
	start, end, err := monthBounds(s.YearMonth, d.Location)
	if err != nil {
		// An older version accepted January of the year 1 in all time zones.
		start, end, _ = monthBounds(s.YearMonth, time.UTC)
	}
	s.MonthStart, s.MonthEnd = &start, &end
	s.Currency = &d.Currency
	for _, line := range s.Lines {
		line.Currency = &d.Currency
	}
	for _, bundle := range s.Buckets {
		if bundle.ChargedAmount != nil {
			bundle.Currency = &d.Currency
		}
	}
	return &ingest.Record{Customer: &ingest.Customer{ID: *s.SourceCustomerID}, Subscription: d.subscription(s), Summary: s}
}
