package dxp

import (
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

var businessID = regexp.MustCompile(`^[A-Z]{2}$`)

// Source returns dxp as an import sees it. It returns an error where the time zone or the market is missing.
func Source(s Settings) (ingest.Source, error) {
	if s.Location == nil {
		return ingest.Source{}, errors.New("dxp: the time zone is missing")
	}
	if !businessID.MatchString(s.BusinessID) {
		return ingest.Source{}, fmt.Errorf("dxp: the business id must be an ISO 3166 code of two capital letters, not %q", s.BusinessID)
	}
	return ingest.Source{
		Name:   db.DXP,
		Marks:  []string{"effectiveDate", "bucket", "characteristic"},
		Decode: s.decode,
	}, nil
}

// decode reads one report.
func (s Settings) decode(text jsontext.Value) (*ingest.Record, error) {
	var w Report
	if err := ingest.Unmarshal(text, &w); err != nil {
		return nil, err
	}
	kind, identifier, err := w.subject()
	if err != nil {
		return nil, err
	}
	report, err := s.report(&w)
	if err != nil {
		return nil, err
	}
	report.SourceID = strings.ToUpper(kind) + ":" + identifier + "@" + *w.EffectiveDate
	for i, b := range w.Bucket {
		bucket, err := s.bucket(b)
		if err != nil {
			return nil, ingest.Within(fmt.Sprintf("bucket[%d]", i), err)
		}
		bucket.EffectiveAt = report.EffectiveAt
		report.Balances = append(report.Balances, bucket)
	}
	return &ingest.Record{Line: s.line(kind, identifier), Report: report}, nil
}

var subject = regexp.MustCompile(`(?i)^usage consumption report for (msisdn|subscriptionid) +(\S(?:.*\S)?)\s*$`)

// subject returns what sort of identifier the description names, and the identifier.
func (w *Report) subject() (kind, identifier string, err error) {
	if w.Description == nil {
		return "", "", ingest.Field("description", "missing")
	}
	parts := subject.FindStringSubmatch(*w.Description)
	if parts == nil {
		return "", "", ingest.Field("description", "want Usage Consumption Report for MSISDN or SubscriptionId, and the identifier")
	}
	return parts[1], parts[2], nil
}

func (s Settings) line(kind, identifier string) *ingest.Line {
	line := &ingest.Line{BusinessID: &s.BusinessID}
	if strings.EqualFold(kind, "msisdn") {
		line.Identifiers = []ingest.Identifier{{Kind: db.MSISDN, Value: identifier}}
		line.PhoneNumber = &identifier
	} else {
		line.Identifiers = []ingest.Identifier{{Kind: db.SourceOwnID, Value: identifier}}
	}
	return line
}

// report maps all but the id and the buckets.
func (s Settings) report(w *Report) (*db.ConsumptionReport, error) {
	if w.EffectiveDate == nil {
		return nil, ingest.Field("effectiveDate", "missing")
	}
	at, err := s.instant(*w.EffectiveDate)
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
		Description:         w.Description,
		CharacteristicsJSON: ingest.Stored(w.Characteristic),
		CycleID:             list.text("BillingCycleId"),
		CycleIntervalID:     list.text("BillingIntervalId"),
		Extension:           kept{Type: other(w.Type, reportType), Extra: w.Extra}.stored(),
	}
	r.CycleStart = list.bound("BillingCycleStartTime", s, &err)
	r.CycleEnd = list.bound("BillingCycleEndTime", s, &err)
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
