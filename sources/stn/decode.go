package stn

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings holds facts that sTN's documents do not contain.
type Settings struct {
	// Currency is the ISO 4217 code of all amounts.
	Currency string
	// Region is the ISO 3166 code of the country of national numbers in phoneNumber; empty for none.
	Region string
	// Location is the time zone of the months; nil is UTC.
	Location *time.Location
}

// decoder decodes summaries with given settings.
type decoder struct {
	Settings
	names *db.NameReader
}

// Source returns the import source for sTN. It returns an error for an unknown currency or region.
func Source(s Settings) (ingest.Source, error) {
	if err := ingest.CheckCurrency(db.STN, s.Currency); err != nil {
		return ingest.Source{}, err
	}
	if err := db.CheckRegion(s.Region); err != nil {
		return ingest.Source{}, fmt.Errorf("stn: %w", err)
	}
	if s.Location == nil {
		s.Location = time.UTC
	}
	d := decoder{s, db.NewNameReader(db.STN, s.Region)}
	return ingest.Source{
		Name:     db.STN,
		Required: [][]string{{"id"}, {"yearMonth"}},
		Marks:    []string{"yearMonth", "subscriptionId", "providerGroup", "isGroupSim", "amountTotalUsage", "usageDetails"},
		Decode:   d.decode,
		Redecode: ingest.Redecode{Summary: d.redecode},
	}, nil
}

// decode decodes one element of the envelope's results. Its errors name the field.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Summary
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	month, err := w.month()
	if err != nil {
		return nil, err
	}
	start, end, err := monthBounds(month, d.Location)
	if err != nil {
		return nil, err
	}
	summary := &db.UsageSummary{
		Source:              db.STN,
		SourceID:            *w.ID,
		YearMonth:           month,
		PhoneNumber:         w.PhoneNumber,
		ProviderGroup:       w.ProviderGroup,
		IsGroupSim:          w.IsGroupSim,
		PremiumAmount:       w.AmountPremium.Decimal(),
		TotalAmount:         w.AmountTotalUsage.Decimal(),
		InternationalAmount: w.AmountInternationalTotal.Decimal(),
		Currency:            &d.Currency,
		Extension:           ingest.Stored(w.Extra),
		SimCardNumber:       nonEmpty(w.SimCardNumber),

		SourceSubscriptionID: w.SubscriptionID,
		MonthStart:           &start,
		MonthEnd:             &end,
	}
	if summary.Lines, err = d.invoiceLines(w.UsageDetails); err != nil {
		return nil, err
	}
	w.computeHomeUsage(summary.Lines)
	summary.Buckets = d.buckets(&w, month)
	return &ingest.Record{Customer: &ingest.Customer{ID: *w.CustomerID}, Subscription: d.subscription(summary), Summary: summary}, nil
}

// month checks that the required fields are given, and returns the month.
func (s *Summary) month() (db.YearMonth, error) {
	for _, required := range []struct {
		field string
		value *string
	}{{"id", s.ID}, {"subscriptionId", s.SubscriptionID}, {"customerId", s.CustomerID}, {"yearMonth", s.YearMonth}} {
		if required.value == nil || *required.value == "" {
			return "", ingest.Field(required.field, "missing")
		}
	}
	if db.NamesNothing(*s.CustomerID) {
		return "", ingest.Field("customerId", "want the id of a customer, not a masked text or a placeholder")
	}
	month, err := db.ParseYearMonth(strings.Replace(*s.YearMonth, "_", "-", 1))
	if err != nil || month == "9999-12" { // its end cannot be stored
		return "", ingest.Field("yearMonth", "want a month, such as 2025_01")
	}
	return month, nil
}
