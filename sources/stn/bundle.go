package stn

import (
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// services holds the usage types and units by the service in the name of a bundle.
var services = map[string]struct {
	usage db.UsageType
	unit  db.Unit
}{
	"Voice": {db.Voice, db.Minute},
	"Data":  {db.Data, db.Megabyte},
	"Sms":   {db.SMS, db.Message},
}

// unlimitedBundle is the sentinel of an unlimited bundle.
var unlimitedBundle = decimal.NegOne

// buckets returns a bucket for each zone and service with any value in the summary.
func (s Settings) buckets(w *Summary, month db.YearMonth) []*db.Bucket {
	start := month.Start()
	end := db.TimeOf(start.AddDate(0, 1, 0))
	var buckets []*db.Bucket
	for _, a := range w.Allowances() {
		total, used, charged := (*a.InBundle).Decimal(), (*a.Usage).Decimal(), (*a.Amount).Decimal()
		if total == nil && used == nil && charged == nil {
			continue
		}
		name, word, service := a.Zone+" "+a.Service, a.Service, services[a.Service]
		b := &db.Bucket{
			Source:        db.STN,
			SourceID:      a.Zone + a.Service,
			EffectiveAt:   start,
			Name:          &name,
			UsageType:     service.usage,
			UsageTypeName: &word,
			Unit:          &service.unit,
			Unlimited:     total != nil && total.Equal(unlimitedBundle),
			TotalAmount:   total,
			UsedAmount:    used,
			ChargedAmount: charged,
			ValidFrom:     &start,
			ValidTo:       &end,
		}
		if charged != nil {
			b.Currency = &s.Currency
		}
		if !b.Unlimited {
			b.RemainingAmount = difference(total, used)
		}
		buckets = append(buckets, b)
	}
	return buckets
}

// difference returns a - b exactly; nil where one is nil or the difference has more digits than a decimal can hold.
func difference(a, b *decimal.Decimal) *decimal.Decimal {
	if a == nil || b == nil {
		return nil
	}
	d, err := a.SubExact(*b, max(a.Scale(), b.Scale()))
	if err != nil {
		return nil
	}
	return &d
}

// computeHomeUsage sets a missing usageHomeVoice and usageHomeData to the totals of the lines.
func (s *Summary) computeHomeUsage(lines []*db.UsageSummaryLine) {
	if s.UsageHomeVoice == nil {
		if seconds := totalVolume(lines, isHomeVoice); seconds != nil {
			s.UsageHomeVoice = (*ingest.Number)(minutes(*seconds))
		}
	}
	if s.UsageHomeData == nil {
		if kilobytes := totalVolume(lines, isHomeData); kilobytes != nil {
			s.UsageHomeData = (*ingest.Number)(megabytes(*kilobytes))
		}
	}
}

// totalVolume returns the total volume of the lines that match; nil where there are none or the sum is inexact.
func totalVolume(lines []*db.UsageSummaryLine, match func(*db.UsageSummaryLine) bool) *decimal.Decimal {
	var sum *decimal.Decimal
	for _, line := range lines {
		if line.Volume == nil || !match(line) {
			continue
		}
		if sum == nil {
			sum = &decimal.Decimal{}
		}
		next, err := sum.AddExact(*line.Volume, max(sum.Scale(), line.Volume.Scale()))
		if err != nil {
			return nil
		}
		sum = &next
	}
	return sum
}
