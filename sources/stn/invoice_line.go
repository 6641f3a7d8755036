package stn

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// invoiceLines converts the invoice lines, in order.
func (s Settings) invoiceLines(details []*UsageDetail) ([]*db.UsageSummaryLine, error) {
	var invoiceLines []*db.UsageSummaryLine
	for i, w := range details {
		if w == nil {
			return nil, ingest.Field(fmt.Sprintf("usageDetails[%d]", i), "want an object, not null")
		}
		line := &db.UsageSummaryLine{
			Type:        w.InvoiceLineType,
			Code:        w.InvoiceLineCode,
			Description: w.Description,
			SortOrder:   w.SortOrder,
			Quantity:    w.Quantity.Decimal(),
			Volume:      w.Volume.Decimal(),
			VolumeUnit:  unitOf(w.InvoiceLineCode),
			VolumeText:  w.VolumeStr,
			Charge:      w.Amount.Decimal(),
			Currency:    &s.Currency,
			RefID:       w.RefID,
			RateClassID: w.RateClassID,
			Extension:   ingest.Stored(w.Extra),
		}
		if line.VolumeText == nil {
			line.VolumeText = volumeText(line.Volume, line.VolumeUnit)
		}
		invoiceLines = append(invoiceLines, line)
	}
	return invoiceLines, nil
}

// isHomeVoice reports whether a line is part of usageHomeVoice.
func isHomeVoice(l *db.UsageSummaryLine) bool {
	return l.VolumeUnit != nil && *l.VolumeUnit == db.Second && strings.HasPrefix(*l.Code, "N_")
}

// isHomeData reports whether a line is part of usageHomeData.
func isHomeData(l *db.UsageSummaryLine) bool { return l.Code != nil && *l.Code == "INT_NAT" }

// unitOf returns the unit of a volume by the code of its line, by the table in the package comment.
func unitOf(code *string) *db.Unit {
	if code == nil {
		return nil
	}
	var unit db.Unit
	switch c := *code; {
	case strings.HasPrefix(c, "INT_"):
		unit = db.Kilobyte
	case strings.Contains(c, "SMS"):
		unit = db.Message
	case strings.HasPrefix(c, "N_"), strings.Contains(c, "_MOB"), strings.Contains(c, "_FIXED"), strings.Contains(c, "VOICE"):
		unit = db.Second
	default:
		return nil
	}
	return &unit
}

// volumeText formats a volume as sTN does. It returns nil without a volume or unit, for a negative volume and for
// fractions of a second.
func volumeText(volume *decimal.Decimal, unit *db.Unit) *string {
	if volume == nil || unit == nil || volume.IsNeg() {
		return nil
	}
	var text string
	switch *unit {
	case db.Kilobyte:
		whole, err := volume.Quo(kilobytesPerMegabyte)
		if err != nil {
			return nil
		}
		text = whole.Round(0).String() + " MB"
	case db.Second:
		seconds, _, ok := volume.Int64(0)
		if !ok || !volume.IsInt() {
			return nil
		}
		text = fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	default:
		text = volume.Trim(0).String() + " stk"
	}
	return &text
}

var (
	kilobytesPerMegabyte = decimal.MustNew(1024, 0)
	secondsPerMinute     = decimal.MustNew(60, 0)
)

// minutes converts seconds to minutes, rounded to 2 decimal places as in sTN. It returns nil on overflow.
func minutes(seconds decimal.Decimal) *decimal.Decimal {
	d, err := seconds.Quo(secondsPerMinute)
	if err != nil {
		return nil
	}
	d = d.Round(2).Trim(0)
	return &d
}

// megabytes converts kilobytes to megabytes, rounded to 6 significant digits as in sTN. It returns nil on overflow.
func megabytes(kilobytes decimal.Decimal) *decimal.Decimal {
	d, err := kilobytes.Quo(kilobytesPerMegabyte)
	if err != nil {
		return nil
	}
	places := 6 - (d.Prec() - d.Scale())
	if places >= 0 {
		d = d.Round(places).Trim(0)
		return &d
	}
	power := decimal.MustParse("1e" + strconv.Itoa(-places))
	if d, err = d.Quo(power); err != nil {
		return nil
	}
	if d, err = d.Round(0).Mul(power); err != nil {
		return nil
	}
	return &d
}
