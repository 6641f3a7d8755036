package stn

import (
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// encode is the reverse of decode: a summary of the store, with its buckets and lines, as the page writes it.
func encode(s *db.UsageSummary, buckets []*db.Bucket, lines []*db.UsageSummaryLine) *Summary {
	month := shownMonth(s.YearMonth)
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
	w.allow(buckets)
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

// allow is the reverse of bundles.
func (s *Summary) allow(buckets []*db.Bucket) {
	for _, a := range s.Allowances() {
		for _, b := range buckets {
			if b.SourceID == a.Zone+a.Service {
				*a.InBundle, *a.Usage, *a.Amount = (*ingest.Number)(b.TotalAmount), (*ingest.Number)(b.UsedAmount), (*ingest.Number)(b.ChargedAmount)
			}
		}
	}
}

// keep leaves nothing in a summary but some fields.
func (s *Summary) keep(fields []*field) {
	var kept Summary
	from, to := reflect.ValueOf(s).Elem(), reflect.ValueOf(&kept).Elem()
	for _, f := range fields {
		to.Field(f.place).Set(from.Field(f.place))
	}
	*s = kept
}

// set sets a field to what db writes for it as text; nil is nothing.
func (s *Summary) set(f *field, text *string) error {
	if text == nil {
		return nil
	}
	to := reflect.ValueOf(s).Elem().Field(f.place).Addr().Interface()
	switch to := to.(type) {
	case **string:
		value := f.shown(*text)
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

// shown returns a value of the field, as db writes it, as an answer shows it.
func (f *field) shown(value string) string {
	switch {
	case f.name == "phoneNumber":
		return db.MaskNumber(value)
	case f.kind == monthKind:
		return shownMonth(db.YearMonth(value))
	}
	return value
}

// shownMonth writes a month as 2025_01.
func shownMonth(month db.YearMonth) string { return strings.Replace(string(month), "-", "_", 1) }

// monthOf reads a month, 2025_01 or 2025-01.
func monthOf(text string) (db.YearMonth, error) {
	month, err := db.ParseYearMonth(strings.Replace(text, "_", "-", 1))
	if err != nil {
		return "", db.Errorf(db.BadInput, "want a month, such as 2025_01")
	}
	return month, nil
}
