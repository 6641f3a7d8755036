package dxp_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
	"usagegraph/sources/sourcetest"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func source(t testing.TB) ingest.Source {
	t.Helper()
	s, err := dxp.Source(dxp.Settings{Location: zone(t, "America/Puerto_Rico"), BusinessID: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const least = `{"description": "Usage Consumption Report for MSISDN 8201", "effectiveDate": "2022-11-08T11:52:48"}`

// decode decodes a report that says as little as it may, and what the patch says.
func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, source(t), sourcetest.With(t, []byte(least), patch))
	sourcetest.Complete(t, source(t), r)
	return r
}

// bucket decodes a report of one bucket.
func bucket(t testing.TB, text string) *db.Bucket {
	t.Helper()
	return decode(t, `{"bucket": [`+text+`]}`).Report.Balances[0]
}

func TestThePagesSamples(t *testing.T) {
	sourcetest.Goldens(t, source(t), dxp.Samples)
}

func TestTheDescriptionNamesTheLine(t *testing.T) {
	text := func(s string) *string { return &s }
	tests := []struct {
		description, id string
		want            ingest.Line
	}{
		{"Usage Consumption Report for MSISDN 8201", "MSISDN:8201@2022-11-08T11:52:48",
			ingest.Line{Identifiers: []ingest.Identifier{{Kind: db.MSISDN, Value: "8201"}}, PhoneNumber: text("8201"), BusinessID: text("PR")}},
		{"Usage Consumption Report for msisdn +1 787 555 0100", "MSISDN:+1 787 555 0100@2022-11-08T11:52:48",
			ingest.Line{Identifiers: []ingest.Identifier{{Kind: db.MSISDN, Value: "+1 787 555 0100"}}, PhoneNumber: text("+1 787 555 0100"), BusinessID: text("PR")}},
		{"usage consumption report for subscriptionId  S-1001 ", "SUBSCRIPTIONID:S-1001@2022-11-08T11:52:48",
			ingest.Line{Identifiers: []ingest.Identifier{{Kind: db.SourceOwnID, Value: "S-1001"}}, BusinessID: text("PR")}},
	}
	for _, tt := range tests {
		t.Run(tt.description, func(t *testing.T) {
			r := decode(t, `{"description": "`+tt.description+`"}`)
			if r.Report.SourceID != tt.id || *r.Report.Description != tt.description || r.Customer != nil {
				t.Errorf("got %s", r.Report.SourceID)
			}
			if diff := cmp.Diff(&tt.want, r.Line); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimesWithoutZoneBelongToTheMarket(t *testing.T) {
	tests := []struct{ zone, date, want string }{
		{"America/Puerto_Rico", "2022-11-08T11:52:48", "2022-11-08T15:52:48Z"},
		{"America/Jamaica", "2022-11-08T11:52:48.5", "2022-11-08T16:52:48.5Z"},
		{"America/Puerto_Rico", "2022-11-08T11:52:48Z", "2022-11-08T11:52:48Z"},
		{"America/Puerto_Rico", "2022-11-08T11:52:48+01:00", "2022-11-08T10:52:48Z"},
	}
	for _, tt := range tests {
		s, err := dxp.Source(dxp.Settings{Location: zone(t, tt.zone), BusinessID: "JM"})
		if err != nil {
			t.Fatal(err)
		}
		r := sourcetest.Decode(t, s, sourcetest.With(t, []byte(least), `{"effectiveDate": "`+tt.date+`"}`))
		if got := r.Report.EffectiveAt.Format(time.RFC3339Nano); got != tt.want || r.Report.SourceID != "MSISDN:8201@"+tt.date {
			t.Errorf("%s in %s: got %s, %s", tt.date, tt.zone, got, r.Report.SourceID)
		}
	}
}

func TestTheBillingCycleIsReadFromTheCharacteristics(t *testing.T) {
	r := decode(t, `{"characteristic": [{"name": "Other", "value": {"b": 1.0}}, {"value": "Monthly", "name": "BillingCycleId"}, {"name": "BillingCycleDuration", "value": 31},
		{"name": "BillingCycleOffset", "value": ""}, {"name": "BillingCycleStartTime", "value": "2023-03-01T00:00:00"}, {"name": "BillingCycleEndTime", "value": "9999-12-31T23:59:59"}]}`).Report
	if *r.CycleID != "Monthly" || r.CycleIntervalID != nil || *r.CycleDays != 31 || r.CycleOffsetDays != nil || r.CycleEnd != nil ||
		r.CycleStart.Format(time.RFC3339) != "2023-03-01T04:00:00Z" {
		t.Errorf("got %s", sourcetest.Text(t, r))
	}
	want := `[{"name":"Other","value":{"b":1.0}},{"value":"Monthly","name":"BillingCycleId"},{"name":"BillingCycleDuration","value":31},` +
		`{"name":"BillingCycleOffset","value":""},{"name":"BillingCycleStartTime","value":"2023-03-01T00:00:00"},{"name":"BillingCycleEndTime","value":"9999-12-31T23:59:59"}]`
	if got := string(r.CharacteristicsJSON); got != want {
		t.Errorf("got %s", got)
	}
}

func TestSettingsMustNameTheMarket(t *testing.T) {
	for _, s := range []dxp.Settings{{BusinessID: "PR"}, {Location: time.UTC}, {Location: time.UTC, BusinessID: "pr"}, {Location: time.UTC, BusinessID: "PRI"}} {
		if _, err := dxp.Source(s); err == nil {
			t.Errorf("%v passed", s)
		}
	}
}

func FuzzDecode(f *testing.F) { sourcetest.Fuzz(f, source(f), dxp.Samples) }
