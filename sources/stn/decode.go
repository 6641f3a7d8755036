package stn

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings are what sTN's documents leave unsaid.
type Settings struct {
	// Currency is the ISO 4217 code of all amounts.
	Currency string
}

// Source returns sTN as an import sees it. It returns an error for what is no currency code.
func Source(s Settings) (ingest.Source, error) {
	if err := ingest.CheckCurrency(db.STN, s.Currency); err != nil {
		return ingest.Source{}, err
	}
	return ingest.Source{
		Name:   db.STN,
		Marks:  []string{"yearMonth", "subscriptionId", "providerGroup", "isGroupSim", "amountTotalUsage", "usageDetails"},
		Decode: s.decode,
	}, nil
}

// decode reads one element of the envelope's results.
func (s Settings) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Summary
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	month, err := w.month()
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
		Currency:            &s.Currency,
		Extension:           ingest.Stored(w.Extra),
	}
	if summary.InvoiceLines, err = s.lines(w.UsageDetails); err != nil {
		return nil, err
	}
	w.complete(summary.InvoiceLines)
	summary.Bundles = s.bundles(&w, month)
	return &ingest.Record{Customer: &ingest.Customer{ID: *w.CustomerID}, Line: w.line(), Summary: summary}, nil
}

// month checks the fields that a summary must have and returns its month.
func (s *Summary) month() (db.YearMonth, error) {
	for _, required := range []struct {
		field string
		value *string
	}{{"id", s.ID}, {"subscriptionId", s.SubscriptionID}, {"customerId", s.CustomerID}, {"yearMonth", s.YearMonth}} {
		if required.value == nil || *required.value == "" {
			return "", ingest.Field(required.field, "missing")
		}
	}
	month, err := db.ParseYearMonth(strings.Replace(*s.YearMonth, "_", "-", 1))
	if err != nil || month == "9999-12" { // its end could not be stored
		return "", ingest.Field("yearMonth", "want a month, such as 2025_01")
	}
	return month, nil
}

// line names the line by its id in sTN, its phone number and its SIM card.
func (s *Summary) line() *ingest.Line {
	line := &ingest.Line{
		Identifiers:   []ingest.Identifier{{Kind: db.SourceOwnID, Value: *s.SubscriptionID}},
		ProviderGroup: s.ProviderGroup,
		IsGroupSim:    s.IsGroupSim,
	}
	if s.PhoneNumber != nil && *s.PhoneNumber != "" {
		line.PhoneNumber = s.PhoneNumber
		line.Identifiers = append(line.Identifiers, ingest.Identifier{Kind: db.MSISDN, Value: *s.PhoneNumber})
	}
	if s.SimCardNumber != nil && *s.SimCardNumber != "" {
		line.SimCardNumber = s.SimCardNumber
		line.Identifiers = append(line.Identifiers, ingest.Identifier{Kind: db.SIM, Value: *s.SimCardNumber})
	}
	return line
}
