package dxp_test

import (
	"strings"
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

// least is a report with the required members only.
const least = `{"description": "Usage Consumption Report for MSISDN 8201", "effectiveDate": "2022-11-08T11:52:48"}`

// decode decodes a minimal report with the members of a patch.
func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, source(t), sourcetest.With(t, []byte(least), patch))
	sourcetest.CheckRecord(t, source(t), r)
	return r
}

// bucket decodes a report of one bucket.
func bucket(t testing.TB, text string) *db.Bucket {
	t.Helper()
	return decode(t, `{"bucket": [`+text+`]}`).Report.Buckets[0]
}

func TestSampleGoldens(t *testing.T) {
	sourcetest.Goldens(t, source(t), dxp.Samples)
}

func TestTheDescriptionIdentifiesTheSubscription(t *testing.T) {
	text := func(s string) *string { return &s }
	number := func(name db.SubscriptionName, s string) ingest.Subscription {
		return ingest.Subscription{Number: name, PhoneNumber: text(s), BusinessID: text("PR")}
	}
	const card = "8931087112345678901"
	tests := []struct {
		description, id string
		want            ingest.Subscription
	}{
		{"Usage Consumption Report for MSISDN 8201", "MSISDN:8201@2022-11-08T15:52:48Z", number("dxp:8201", "8201")},
		{"Usage Consumption Report for MSISDN 448201", "MSISDN:448201@2022-11-08T15:52:48Z", number("dxp:448201", "448201")},
		{"Usage Consumption Report for MSISDN 5550001", "MSISDN:5550001@2022-11-08T15:52:48Z", number("dxp:5550001", "5550001")},
		{"Usage Consumption Report for MSISDN 17875550009", "MSISDN:17875550009@2022-11-08T15:52:48Z", number("+17875550009", "17875550009")},
		{"Usage Consumption Report for MSISDN 787-555-0009", "MSISDN:17875550009@2022-11-08T15:52:48Z", number("+17875550009", "787-555-0009")},
		{"Usage Consumption Report for msisdn +1 787 555 0100", "MSISDN:17875550100@2022-11-08T15:52:48Z", number("+17875550100", "+1 787 555 0100")},
		{"Usage Consumption Report for MSISDN " + card, "MSISDN:" + card + "@2022-11-08T15:52:48Z",
			ingest.Subscription{Card: "sim:" + card, SimCardNumber: text(card), BusinessID: text("PR")}},
		{"Usage Consumption Report for MSISDN 1787***0009", "MSISDN:1787***0009@2022-11-08T15:52:48Z", number("", "1787***0009")},
		{"Usage Consumption Report for MSISDN unknown", "MSISDN:unknown@2022-11-08T15:52:48Z", number("", "unknown")},
		{"Usage Consumption Report for MSISDN S-1001", "MSISDN:S-1001@2022-11-08T15:52:48Z", number("", "S-1001")},
		{"usage consumption report for subscriptionId  S-1001 ", "SUBSCRIPTIONID:S-1001@2022-11-08T15:52:48Z",
			ingest.Subscription{OwnID: "S-1001", BusinessID: text("PR")}},
		{"Usage Consumption Report for SubscriptionId 17875550009", "SUBSCRIPTIONID:17875550009@2022-11-08T15:52:48Z",
			ingest.Subscription{OwnID: "17875550009", BusinessID: text("PR")}},
		{"Usage Consumption Report for SubscriptionId +1 787 555 0009", "SUBSCRIPTIONID:+1 787 555 0009@2022-11-08T15:52:48Z",
			number("+17875550009", "+1 787 555 0009")},
		{"Usage Consumption Report for SubscriptionId none", "SUBSCRIPTIONID:none@2022-11-08T15:52:48Z", ingest.Subscription{BusinessID: text("PR")}},
	}
	for _, tt := range tests {
		t.Run(tt.description, func(t *testing.T) {
			r := decode(t, `{"description": "`+tt.description+`"}`)
			if r.Report.SourceID != tt.id || *r.Report.Description != tt.description || r.Customer != nil {
				t.Errorf("got %s", r.Report.SourceID)
			}
			if got := *r.Report.SubscriptionText; !strings.Contains(tt.description, got) || strings.TrimSpace(got) != got || *r.Report.BusinessID != "PR" {
				t.Errorf("got %s, %s", got, *r.Report.BusinessID)
			}
			if diff := cmp.Diff(&tt.want, r.Subscription); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTimesWithoutOffsetAreLocalTimesOfTheMarket(t *testing.T) {
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
		if got := r.Report.EffectiveAt.Format(time.RFC3339Nano); got != tt.want || r.Report.SourceID != "MSISDN:8201@"+tt.want {
			t.Errorf("%s in %s: got %s, %s", tt.date, tt.zone, got, r.Report.SourceID)
		}
	}
}

// TestAReportHasOneIDForAllSpellings decodes reports that differ in the spelling of the number and the time.
func TestAReportHasOneIDForAllSpellings(t *testing.T) {
	for _, number := range []string{"17875550009", "+1 787 555 0009", "(787) 555-0009"} {
		for _, date := range []string{"2025-02-10T00:00:00", "2025-02-10T04:00:00Z", "2025-02-10T05:00:00.000+01:00"} {
			r := decode(t, `{"description": "Usage Consumption Report for MSISDN `+number+`", "effectiveDate": "`+date+`"}`)
			if got := r.Report.SourceID; got != "MSISDN:17875550009@2025-02-10T04:00:00Z" {
				t.Errorf("%s, %s: got %s", number, date, got)
			}
		}
	}
}

func TestAMarketWithoutANumberingPlanHasNoNationalNumbers(t *testing.T) {
	s, err := dxp.Source(dxp.Settings{Location: time.UTC, BusinessID: "XX"})
	if err != nil {
		t.Fatal(err)
	}
	r := sourcetest.Decode(t, s, sourcetest.With(t, []byte(least), `{"description": "Usage Consumption Report for MSISDN 17875550009"}`))
	if r.Subscription.Number != "+17875550009" || *r.Report.BusinessID != "XX" {
		t.Errorf("got %+v", r.Subscription)
	}
}

func TestBillingCycleColumns(t *testing.T) {
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

func TestSettingsMustHaveAMarketAndATimeZone(t *testing.T) {
	for _, s := range []dxp.Settings{{BusinessID: "PR"}, {Location: time.UTC}, {Location: time.UTC, BusinessID: "pr"}, {Location: time.UTC, BusinessID: "PRI"}} {
		if _, err := dxp.Source(s); err == nil {
			t.Errorf("%v was accepted", s)
		}
	}
}

func FuzzDecode(f *testing.F) { sourcetest.Fuzz(f, source(f), dxp.Samples) }
