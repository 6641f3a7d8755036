package dxp

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings holds facts that dxp's documents do not contain.
type Settings struct {
	// Location is the time zone of the market.
	Location *time.Location
	// BusinessID is the market, an ISO 3166 code of two capital letters.
	BusinessID string
}

// decoder decodes reports with given settings.
type decoder struct {
	Settings
	names *db.NameReader
}

func newDecoder(s Settings) decoder {
	return decoder{s, db.NewNameReader(db.DXP, regionOf(s.BusinessID))}
}

var businessID = regexp.MustCompile(`^[A-Z]{2}$`)

// Source returns the import source for dxp. It returns an error for a missing time zone or an invalid market.
func Source(s Settings) (ingest.Source, error) {
	if s.Location == nil {
		return ingest.Source{}, errors.New("dxp: missing time zone")
	}
	if !businessID.MatchString(s.BusinessID) {
		return ingest.Source{}, fmt.Errorf("dxp: the business id must be an ISO 3166 code of two capital letters, not %q", s.BusinessID)
	}
	d := newDecoder(s)
	return ingest.Source{
		Name:     db.DXP,
		Required: [][]string{{"description"}, {"effectiveDate"}},
		Marks:    []string{"effectiveDate", "bucket", "characteristic"},
		Decode:   d.decode,
		Redecode: ingest.Redecode{Report: newRedecoder(d).redecode},
	}, nil
}

// decode decodes one report. Its errors name the field.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Report
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	kind, identifier, err := parseDescription(w.Description)
	if err != nil {
		return nil, err
	}
	c := &reportDecoder{zone: d.Location}
	report, err := c.report(&w)
	if err != nil {
		return nil, err
	}
	record := d.record(report, kind, identifier)
	for i, b := range w.Bucket {
		bucket, err := c.bucket(b)
		if err != nil {
			return nil, ingest.Within(fmt.Sprintf("bucket[%d]", i), err)
		}
		bucket.EffectiveAt = report.EffectiveAt
		report.Buckets = append(report.Buckets, bucket)
	}
	record.TruncatedTime, record.AmbiguousTime = c.truncated, c.ambiguous
	return record, nil
}

// report converts a report without its id, subscription and buckets.
func (c *reportDecoder) report(w *Report) (*db.ConsumptionReport, error) {
	if w.EffectiveDate == nil {
		return nil, ingest.Field("effectiveDate", "missing")
	}
	at, err := c.instant(*w.EffectiveDate)
	if err != nil {
		return nil, ingest.Within("effectiveDate", err)
	}
	list, err := parseCharacteristics(w.Characteristic)
	if err != nil {
		return nil, err
	}
	r := &db.ConsumptionReport{
		Source:              db.DXP,
		EffectiveAt:         at,
		EffectiveText:       c.originalText(w.EffectiveDate, &at),
		Description:         w.Description,
		CharacteristicsJSON: ingest.Stored(w.Characteristic),
		CycleID:             list.text("BillingCycleId"),
		CycleIntervalID:     list.text("BillingIntervalId"),
		Extension:           extension{Type: otherType(w.Type, reportType), Extra: w.Extra}.encode(),
	}
	r.CycleStart = list.bound("BillingCycleStartTime", c, &err)
	r.CycleEnd = list.bound("BillingCycleEndTime", c, &err)
	r.CycleDays = list.days("BillingCycleDuration", &err)
	r.CycleOffsetDays = list.days("BillingCycleOffset", &err)
	return r, err
}

// otherType returns an @type that differs from the page's constant; otherwise nil.
func otherType(t *string, constant string) *string {
	if t != nil && *t == constant {
		return nil
	}
	return t
}
