package stn

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// encode is the reverse of decode: it returns a stored summary with its buckets and lines in the page's format.
func encode(s *db.UsageSummary, buckets []*db.Bucket, lines []*db.UsageSummaryLine) *Summary {
	month := formatMonth(s.YearMonth)
	w := &Summary{
		ID:                       &s.SourceID,
		SubscriptionID:           s.SourceSubscriptionID,
		YearMonth:                &month,
		CustomerID:               s.SourceCustomerID,
		ProviderGroup:            s.ProviderGroup,
		AmountPremium:            (*ingest.Number)(s.PremiumAmount),
		IsGroupSim:               s.IsGroupSim,
		AmountTotalUsage:         (*ingest.Number)(s.TotalAmount),
		AmountInternationalTotal: (*ingest.Number)(s.InternationalAmount),
		Extra:                    jsontext.Value(s.Extension),
	}
	if s.PhoneNumber != nil {
		number := db.MaskNumber(*s.PhoneNumber)
		w.PhoneNumber = &number
	}
	w.setAllowances(buckets)
	for _, l := range lines {
		w.UsageDetails = append(w.UsageDetails, &UsageDetail{
			InvoiceLineType: l.Type,
			InvoiceLineCode: l.Code,
			Description:     l.Description,
			SortOrder:       l.SortOrder,
			Quantity:        (*ingest.Number)(l.Quantity),
			Volume:          (*ingest.Number)(l.Volume),
			VolumeStr:       l.VolumeText,
			Amount:          (*ingest.Number)(l.Charge),
			RefID:           l.RefID,
			RateClassID:     l.RateClassID,
			Extra:           jsontext.Value(l.Extension),
		})
	}
	return w
}

// setAllowances is the reverse of bundles.
func (s *Summary) setAllowances(buckets []*db.Bucket) {
	for _, a := range s.Allowances() {
		for _, b := range buckets {
			if b.SourceID == a.Zone+a.Service {
				*a.InBundle, *a.Usage, *a.Amount = (*ingest.Number)(b.TotalAmount), (*ingest.Number)(b.UsedAmount), (*ingest.Number)(b.ChargedAmount)
			}
		}
	}
}

// selectFields clears all fields of a summary except the given ones.
func (s *Summary) selectFields(fields []*field) {
	var selected Summary
	from, to := reflect.ValueOf(s).Elem(), reflect.ValueOf(&selected).Elem()
	for _, f := range fields {
		to.Field(f.index).Set(from.Field(f.index))
	}
	*s = selected
}

// set parses text in the format of db and sets a field to it. It does nothing for nil.
func (s *Summary) set(f *field, text *string) error {
	if text == nil {
		return nil
	}
	to := reflect.ValueOf(s).Elem().Field(f.index).Addr().Interface()
	switch to := to.(type) {
	case **string:
		value := f.format(*text)
		*to = &value
	case **bool:
		value, err := strconv.ParseBool(*text)
		*to = &value
		return err
	case **ingest.Number:
		value, err := db.ParseDecimal(*text)
		*to = (*ingest.Number)(&value)
		return err
	}
	return nil
}

// format converts a value of the field from the format of db to the format of a response.
func (f *field) format(value string) string {
	switch {
	case f.name == "phoneNumber":
		return db.MaskNumber(value)
	case f.kind == monthKind:
		return formatMonth(db.YearMonth(value))
	}
	return value
}

// formatMonth formats a month as 2025_01.
func formatMonth(month db.YearMonth) string { return strings.Replace(string(month), "-", "_", 1) }

// parseMonth parses a month, 2025_01 or 2025-01.
func parseMonth(text string) (db.YearMonth, error) {
	month, err := db.ParseYearMonth(strings.Replace(text, "_", "-", 1))
	if err != nil {
		return "", db.Errorf(db.BadInput, "want a month, such as 2025_01")
	}
	return month, nil
}
