package brm_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

func source(t testing.TB) ingest.Source {
	t.Helper()
	s, err := brm.Source(brm.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sample returns the page's first sample record with the members of a patch.
func sample(t testing.TB, patch string) jsontext.Value {
	t.Helper()
	return sourcetest.With(t, sourcetest.Records(t, source(t), brm.Samples)["brm-usage.json"][0], patch)
}

// decode decodes the first sample record with the members of a patch.
func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, source(t), sample(t, patch))
	sourcetest.CheckRecord(t, source(t), r)
	return r
}

func TestSampleGolden(t *testing.T) {
	sourcetest.Goldens(t, source(t), brm.Samples)
}

// TestSampleRoundTrip builds the sample's records from the decoded model alone. There are two known differences: href
// is computed, and the second record leaves out three keys of its price that are null in the first.
func TestSampleRoundTrip(t *testing.T) {
	for _, record := range sourcetest.Records(t, source(t), brm.Samples)["brm-usage.json"] {
		u := sourcetest.Decode(t, source(t), record).Usage
		want := string(record)
		if !strings.Contains(want, `"@baseType": null`) {
			want = strings.Replace(want, `"ratingDate"`, `"@baseType": null, "@schemaLocation": null, "@type": null, "ratingDate"`, 1)
		}
		sourcetest.SameText(t, jsontext.Value(want), sourcetest.MarshalRecord(t, documentOf(u)))
	}
}

func documentOf(u *db.UsageRecord) brm.Usage {
	extension := map[string]*string{}
	members, _ := u.Extensions()
	for _, m := range members {
		extension[m.Name] = m.Value
	}
	href := "http://host:port/brm/usageManagement/version/usage/" + u.SourceID
	status := string((*u.Status)[:1]) + strings.ToLower(string((*u.Status)[1:]))
	w := brm.Usage{
		BaseType: extension["@baseType"], Type: extension["@type"], SchemaLocation: extension["@schemaLocation"],
		ID: &u.SourceID, Href: &href, Date: local(u.EventTime, u.UTCOffsetMinutes), EventClass: u.UsageTypeName, Status: &status,
		UsageSpecification: jsontext.Value(u.SpecificationJSON), UsageCharacteristic: jsontext.Value(u.CharacteristicsJSON),
		RelatedParty: jsontext.Value(u.RelatedPartiesJSON),
	}
	for _, p := range u.Prices {
		w.RatedProductUsage = append(w.RatedProductUsage, &brm.RatedProductUsage{
			RatingDate: local(*p.RatedAt, *p.UTCOffsetMinutes), UsageRatingTag: p.Tag, IsBilled: p.IsBilled,
			RatingAmountType:  p.RatingAmountType,
			TaxExcludedAmount: &brm.Money{Unit: p.Currency, Value: (*ingest.Number)(p.TaxExcludedAmount)},
			TaxIncludedAmount: &brm.Money{Unit: p.Currency, Value: (*ingest.Number)(p.TaxIncludedAmount)},
			TaxRate:           (*ingest.Number)(p.TaxRate), IsTaxExempt: p.IsTaxExempt, OfferTariffType: p.OfferTariffType,
			BucketValueConvertedInAmount: jsontext.Value(p.BucketValueConvertedJSON), ProductRef: jsontext.Value(p.ProductJSON),
		})
	}
	return w
}

func local(t db.Time, minutes int32) *string {
	text := t.In(time.FixedZone("", int(minutes)*60)).Format(time.RFC3339)
	return &text
}

func TestBothSpellingsAreEquivalent(t *testing.T) {
	record := sourcetest.Records(t, source(t), brm.Samples)["brm-usage.json"][0]
	spelled := strings.NewReplacer(`"date"`, `"usageDate"`, `"type"`, `"usageType"`, `"taxExcludedAmount"`, `"taxExcludedRatingAmount"`,
		`"taxIncludedAmount"`, `"taxIncludedRatingAmount"`, `"Rated"`, `"rated"`).Replace(string(record))
	want := sourcetest.Text(t, sourcetest.Decode(t, source(t), record))
	got := sourcetest.Text(t, sourcetest.Decode(t, source(t), jsontext.Value(spelled)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	r := decode(t, `{"usageDate": "2020-08-14T00:00:00-07:00", "usageType": "EventBillingProductFeeCycleCycle_forward_monthly"}`)
	if diff := cmp.Diff(want, sourcetest.Text(t, r)); diff != "" {
		t.Errorf("side by side: %s", diff)
	}
}

func TestUsageType(t *testing.T) {
	tests := []struct {
		class string
		want  db.UsageType
	}{
		{"EventBillingProductFeeCycleCycle_forward_monthly", db.Recurring},
		{"EventBillingProductFeeCycle", db.Recurring},
		{"/event/billing/product/fee/cycle/cycle_arrear", db.Recurring},
		{"EventBillingProductFeePurchase", db.OneOff},
		{"EventBillingProductFeeCancel", db.OneOff},
		{"EventDelayedActivitySms", db.SMS},
		{"EventSMSDelivery", db.SMS},
		{"EventActivityTelcoGsmSms", db.SMS},
		{"EventSessionMms", db.MMS},
		{"EventDelayedSessionGprs", db.Data},
		{"EventSessionTelcoGsmData", db.Data},
		{"EventDelayedSessionTelcoGsm", db.Voice},
		{"/event/session/telco/gsm", db.Voice},
		{"EventSessionTelephony", db.Voice},
		{"EventActivityVoice", db.Voice},
		{"EventBillingCycleTax", db.Other},
		{"EventCommsUpdate", db.Other},
		{"", db.Other},
	}
	for _, tt := range tests {
		t.Run(tt.class, func(t *testing.T) {
			if got := decode(t, `{"type": "`+tt.class+`"}`).Usage.UsageType; got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := decode(t, `{"type": null}`).Usage; got.UsageType != db.Other || got.UsageTypeName != nil {
		t.Errorf("no event class: got %s", got.UsageType)
	}
}

func TestStatusIsReadInAnyCase(t *testing.T) {
	for _, status := range []db.UsageStatus{db.Received, db.Rejected, db.Recycled, db.Guided, db.Rated, db.Rerated, db.Billed} {
		for _, word := range []string{string(status), strings.ToLower(string(status))} {
			if got := decode(t, `{"status": "`+word+`"}`).Usage.Status; got == nil || *got != status {
				t.Errorf("%s: got %v", word, got)
			}
		}
	}
	if got := decode(t, `{"status": null}`).Usage.Status; got != nil {
		t.Errorf("null: got %v", *got)
	}
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
