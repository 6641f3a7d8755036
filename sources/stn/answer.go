package stn

import (
	"reflect"
	"strings"
	"unicode"

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
		number := masked(*s.PhoneNumber)
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

// masked stars a phone number's digits, but for those before its first dash and the last four. What stands between the
// digits stays, and so does a number that is masked already; one without a dash shows its last four digits alone.
func masked(number string) string {
	open, hidden, dash := strings.Cut(number, "-")
	if !dash {
		open, hidden = "", number
	}
	runes, digits := []rune(hidden), 0
	for i := len(runes) - 1; i >= 0; i-- {
		if !unicode.IsDigit(runes[i]) {
			continue
		}
		if digits++; digits > 4 {
			runes[i] = '*'
		}
	}
	if !dash {
		return string(runes)
	}
	return open + "-" + string(runes)
}
