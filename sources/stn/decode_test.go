package stn_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

// file is the name of the sample.
const file = "query-usage-subscription.json"

func source(t testing.TB) ingest.Source {
	t.Helper()
	s, err := stn.Source(stn.Settings{Currency: "EUR", Region: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func samples(t testing.TB) []jsontext.Value {
	t.Helper()
	return sourcetest.Records(t, source(t), stn.Samples)[file]
}

// decode decodes a minimal summary with the members of a patch.
func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, source(t), sourcetest.With(t, []byte(least), patch))
	sourcetest.CheckRecord(t, source(t), r)
	return r
}

// least is a summary with the required members only.
const least = `{"id": "R1", "subscriptionId": "S1", "customerId": "C1", "yearMonth": "2024_02"}`

func TestSampleGolden(t *testing.T) {
	sourcetest.Goldens(t, source(t), stn.Samples)
}

// TestSampleRoundTrip builds the sample's records from the decoded model alone.
func TestSampleRoundTrip(t *testing.T) {
	for _, record := range samples(t) {
		r := sourcetest.Decode(t, source(t), record)
		sourcetest.SameText(t, record, sourcetest.MarshalRecord(t, documentOf(r)))
	}
}

// TestComputedValuesOfTheSample removes all values that can be computed, and compares the computed ones with the
// sample.
func TestComputedValuesOfTheSample(t *testing.T) {
	for _, record := range samples(t) {
		without := record.Clone()
		for _, figure := range []string{`"usageHomeVoice": 218.13,`, `"usageHomeData": 2694.31,`, `"usageHomeData": 8034.94,`, `"usageHomeData": 522.429,`,
			`"volumeStr": "2694 MB",`, `"volumeStr": "03:28:22",`, `"volumeStr": "00:09:46",`, `"volumeStr": "1 stk",`,
			`"volumeStr": "8035 MB",`, `"volumeStr": "0 MB",`, `"volumeStr": "522 MB",`} {
			without = jsontext.Value(strings.Replace(string(without), figure, "", 1))
		}
		if string(without) == string(record) || strings.Contains(string(without), "volumeStr") || strings.Contains(string(without), "usageHomeData") {
			t.Fatal("the computed values were not removed")
		}
		r := sourcetest.Decode(t, source(t), without)
		sourcetest.SameText(t, record, sourcetest.MarshalRecord(t, documentOf(r)))
	}
}

func documentOf(r *ingest.Record) *stn.Summary {
	s := r.Summary
	month := strings.Replace(string(s.YearMonth), "-", "_", 1)
	w := &stn.Summary{
		ID: &s.SourceID, SubscriptionID: &r.Subscription.OwnID, PhoneNumber: s.PhoneNumber, YearMonth: &month,
		CustomerID: &r.Customer.ID, ProviderGroup: s.ProviderGroup, IsGroupSim: s.IsGroupSim,
		AmountPremium: (*ingest.Number)(s.PremiumAmount), AmountTotalUsage: (*ingest.Number)(s.TotalAmount),
		AmountInternationalTotal: (*ingest.Number)(s.InternationalAmount), Extra: jsontext.Value(s.Extension),
	}
	buckets := map[string]*db.Bucket{}
	for _, b := range s.Buckets {
		buckets[b.SourceID] = b
	}
	for _, a := range w.Allowances() {
		if b := buckets[a.Zone+a.Service]; b != nil {
			*a.InBundle, *a.Usage, *a.Amount = (*ingest.Number)(b.TotalAmount), (*ingest.Number)(b.UsedAmount), (*ingest.Number)(b.ChargedAmount)
		}
	}
	for _, l := range s.Lines {
		w.UsageDetails = append(w.UsageDetails, &stn.UsageDetail{
			InvoiceLineType: l.Type, InvoiceLineCode: l.Code, Description: l.Description, SortOrder: l.SortOrder,
			Quantity: (*ingest.Number)(l.Quantity), Volume: (*ingest.Number)(l.Volume), VolumeStr: l.VolumeText,
			Amount: (*ingest.Number)(l.Charge), RefID: l.RefID, RateClassID: l.RateClassID, Extra: jsontext.Value(l.Extension),
		})
	}
	return w
}

func TestEachZoneAndServiceIsABucket(t *testing.T) {
	r := decode(t, `{"amountWorldSms": 1, "usageWorldData": 1, "quantityInBundleWorldVoice": 1, "quantityInBundleEuSms": 1, "usageEuData": 1,
		"amountEuVoice": 1, "usageHomeSms": 1, "quantityInBundleHomeData": 1, "amountHomeVoice": 1}`)
	want := []string{
		"HomeVoice|Home Voice|VOICE|Voice|MINUTE", "HomeData|Home Data|DATA|Data|MEGABYTE", "HomeSms|Home Sms|SMS|Sms|MESSAGE",
		"EuVoice|Eu Voice|VOICE|Voice|MINUTE", "EuData|Eu Data|DATA|Data|MEGABYTE", "EuSms|Eu Sms|SMS|Sms|MESSAGE",
		"WorldVoice|World Voice|VOICE|Voice|MINUTE", "WorldData|World Data|DATA|Data|MEGABYTE", "WorldSms|World Sms|SMS|Sms|MESSAGE",
	}
	var got []string
	for _, b := range r.Summary.Buckets {
		got = append(got, strings.Join([]string{b.SourceID, *b.Name, string(b.UsageType), *b.UsageTypeName, string(*b.Unit)}, "|"))
		if b.EffectiveAt != *b.ValidFrom || b.ValidFrom.String() != "2024-02-01 00:00:00 +0000 UTC" || b.ValidTo.String() != "2024-03-01 00:00:00 +0000 UTC" {
			t.Errorf("%s is valid from %v to %v", b.SourceID, b.ValidFrom, b.ValidTo)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := decode(t, `{"usageHomeSms": null}`).Summary.Buckets; got != nil {
		t.Errorf("a summary without allowances has %d buckets", len(got))
	}
}

func TestTheRemainingAmountOfABundle(t *testing.T) {
	tests := []struct {
		name, patch, total, remaining string
		unlimited                     bool
	}{
		{"-1 is unlimited and stored", `{"quantityInBundleHomeVoice": -1, "usageHomeVoice": 218.13}`, "-1", "", true},
		{"-1.0 is -1", `{"quantityInBundleHomeVoice": -1.0}`, "-1.0", "", true},
		{"the exact difference", `{"quantityInBundleHomeVoice": 12000, "usageHomeVoice": 2694.31}`, "12000", "9305.69", false},
		{"a negative difference", `{"quantityInBundleHomeVoice": 100, "usageHomeVoice": 100.10}`, "100", "-0.10", false},
		{"no usage", `{"quantityInBundleHomeVoice": 100}`, "100", "", false},
		{"no bundle", `{"usageHomeVoice": 100}`, "", "", false},
		{"-2 is not a sentinel", `{"quantityInBundleHomeVoice": -2, "usageHomeVoice": 0}`, "-2", "-2", false},
		{"an inexact difference is null", `{"quantityInBundleHomeVoice": 1234567890123456789, "usageHomeVoice": 0.1}`, "1234567890123456789", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := decode(t, tt.patch).Summary.Buckets[0]
			if str(b.TotalAmount) != tt.total || str(b.RemainingAmount) != tt.remaining || b.Unlimited != tt.unlimited {
				t.Errorf("got total %s, remaining %s, unlimited %v", str(b.TotalAmount), str(b.RemainingAmount), b.Unlimited)
			}
		})
	}
}
