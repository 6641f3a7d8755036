package dxp

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Settings are what dxp's documents leave unsaid.
type Settings struct {
	// Location is the market's time zone.
	Location *time.Location
	// BusinessID is the market: an ISO 3166 code of two capital letters.
	BusinessID string
}

// decoder reads documents with some settings.
type decoder struct {
	Settings
	names *db.NameReader
}

func newDecoder(s Settings) decoder {
	return decoder{s, db.NewNameReader(db.DXP, regionOf(s.BusinessID))}
}

var businessID = regexp.MustCompile(`^[A-Z]{2}$`)

// Source returns dxp as an import sees it. It returns an error where the time zone or the market is missing.
func Source(s Settings) (ingest.Source, error) {
	if s.Location == nil {
		return ingest.Source{}, errors.New("dxp: the time zone is missing")
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
		Again:    ingest.Again{Report: newStored(d).again},
	}, nil
}

// regionOf returns the region whose national numbers a market writes; empty for a market without a numbering plan.
func regionOf(market string) string {
	if db.CheckRegion(market) != nil {
		return ""
	}
	return market
}

// decode reads one report.
func (d decoder) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Report
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	kind, identifier, err := subjectOf(w.Description)
	if err != nil {
		return nil, err
	}
	c := &clock{zone: d.Location}
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
		report.Balances = append(report.Balances, bucket)
	}
	record.TruncatedTime, record.AmbiguousTime = c.truncated, c.ambiguous
	return record, nil
}

// record returns a report with its id and the line that an identifier names.
func (d decoder) record(report *db.ConsumptionReport, kind, identifier string) *ingest.Record {
	line := d.line(kind, identifier)
	report.SourceID = sourceID(kind, identifier, line, report.EffectiveAt)
	report.LineText = &identifier
	report.BusinessID = &d.BusinessID
	return &ingest.Record{Line: line, Report: report}
}

var subject = regexp.MustCompile(`(?i)^usage consumption report for (msisdn|subscriptionid) +(\S(?:.*\S)?)\s*$`)

// subjectOf returns what kind of identifier a description names, and the identifier.
func subjectOf(description *string) (kind, identifier string, err error) {
	if description == nil {
		return "", "", ingest.Field("description", "missing")
	}
	parts := subject.FindStringSubmatch(*description)
	if parts == nil {
		return "", "", ingest.Field("description", "want Usage Consumption Report for MSISDN or SubscriptionId, and the identifier")
	}
	return parts[1], parts[2], nil
}

// line names the line by the identifier: an MSISDN is a phone number with or without its country code, a SubscriptionId an
// own id unless db.ReadOwnID says otherwise.
func (d decoder) line(kind, identifier string) *ingest.Line {
	line := &ingest.Line{BusinessID: &d.BusinessID}
	var name db.LineName
	if strings.EqualFold(kind, msisdn) {
		name, _ = d.names.ReadMSISDN(identifier)
		line.PhoneNumber = &identifier
	} else if line.OwnID, name = db.ReadOwnID(identifier); name != "" {
		line.PhoneNumber = &identifier
	}
	switch {
	case name == "":
	case name.Kind() == db.SIM:
		line.Card, line.SimCardNumber, line.PhoneNumber = name, &identifier, nil
	default:
		line.Number = name
	}
	return line
}

// sourceID returns the id of a report: its kind, its identifier and its instant. An MSISDN that is a possible number or a
// card is written as its digits, so that one report has one id however the number and the time are spelled.
func sourceID(kind, identifier string, line *ingest.Line, at db.Time) string {
	kind = strings.ToUpper(kind)
	if name := cmp.Or(line.Number, line.Card); kind == msisdn && name != "" && name.Source() == "" {
		identifier = name.Value()
	}
	return kind + ":" + identifier + "@" + at.Format(time.RFC3339Nano)
}

// report maps all but the id and the buckets.
func (c *clock) report(w *Report) (*db.ConsumptionReport, error) {
	if w.EffectiveDate == nil {
		return nil, ingest.Field("effectiveDate", "missing")
	}
	at, err := c.instant(*w.EffectiveDate)
	if err != nil {
		return nil, ingest.Within("effectiveDate", err)
	}
	list, err := characteristicsOf(w.Characteristic)
	if err != nil {
		return nil, err
	}
	r := &db.ConsumptionReport{
		Source:              db.DXP,
		EffectiveAt:         at,
		EffectiveText:       c.lost(w.EffectiveDate, &at),
		Description:         w.Description,
		CharacteristicsJSON: ingest.Stored(w.Characteristic),
		CycleID:             list.text("BillingCycleId"),
		CycleIntervalID:     list.text("BillingIntervalId"),
		Extension:           kept{Type: other(w.Type, reportType), Extra: w.Extra}.stored(),
	}
	r.CycleStart = list.bound("BillingCycleStartTime", c, &err)
	r.CycleEnd = list.bound("BillingCycleEndTime", c, &err)
	r.CycleDays = list.days("BillingCycleDuration", &err)
	r.CycleOffsetDays = list.days("BillingCycleOffset", &err)
	return r, err
}

// other returns a type that is not the page's constant.
func other(t *string, constant string) *string {
	if t != nil && *t == constant {
		return nil
	}
	return t
}
