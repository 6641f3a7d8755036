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

// sample returns the page's first record with some members changed.
func sample(t testing.TB, patch string) jsontext.Value {
	t.Helper()
	return sourcetest.With(t, sourcetest.Records(t, brm.Source(), brm.Samples)["brm-usage.json"][0], patch)
}

func decode(t testing.TB, patch string) *ingest.Record {
	t.Helper()
	r := sourcetest.Decode(t, brm.Source(), sample(t, patch))
	sourcetest.Complete(t, brm.Source(), r)
	return r
}

func TestThePagesSample(t *testing.T) {
	sourcetest.Goldens(t, brm.Source(), brm.Samples)
}

// TestTheSampleComesBack writes the sample's records again from nothing but the model. Two differences are known: href
// is made when answering, and the second record leaves out three keys of its price that are null in the first.
func TestTheSampleComesBack(t *testing.T) {
	for _, record := range sourcetest.Records(t, brm.Source(), brm.Samples)["brm-usage.json"] {
		u := sourcetest.Decode(t, brm.Source(), record).Usage
		want := string(record)
		if !strings.Contains(want, `"@baseType": null`) {
			want = strings.Replace(want, `"ratingDate"`, `"@baseType": null, "@schemaLocation": null, "@type": null, "ratingDate"`, 1)
		}
		sourcetest.SameText(t, jsontext.Value(want), sourcetest.Wire(t, wireOf(u)))
	}
}

func wireOf(u *db.UsageRecord) brm.Usage {
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

func TestBothSpellingsSayTheSame(t *testing.T) {
	record := sourcetest.Records(t, brm.Source(), brm.Samples)["brm-usage.json"][0]
	spelled := strings.NewReplacer(`"date"`, `"usageDate"`, `"type"`, `"usageType"`, `"taxExcludedAmount"`, `"taxExcludedRatingAmount"`,
		`"taxIncludedAmount"`, `"taxIncludedRatingAmount"`, `"Rated"`, `"rated"`).Replace(string(record))
	want := sourcetest.Text(t, sourcetest.Decode(t, brm.Source(), record))
	got := sourcetest.Text(t, sourcetest.Decode(t, brm.Source(), jsontext.Value(spelled)))
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
		t.Errorf("no class: got %s", got.UsageType)
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

func TestWhoseTheRecordIs(t *testing.T) {
	tests := []struct{ name, parties, customer, customerName, line, phone string }{
		{"nobody's", `null`, "", "", "", ""},
		{"an empty list is nobody's", `[]`, "", "", "", ""},
		{"a customer and his line", `[{"id": "C1", "name": "Ada", "role": "Customer"}, {"id": "+15550100123", "role": "subscriber"}]`, "C1", "Ada", "+15550100123", "+15550100123"},
		{"the first customer counts", `[{"id": "C1", "role": "payer"}, {"id": "C2", "role": "owner"}]`, "C1", "", "", ""},
		{"words may be written apart", `[{"id": "C1", "role": "Billing Account"}, {"id": "x", "role": "other"}]`, "C1", "", "", ""},
		{"the role goes before the referred type", `[{"id": "L1", "role": "user", "@referredType": "Individual"}]`, "", "", "L1", ""},
		{"the referred type goes before none", `[{"id": "x", "role": "party"}, {"id": "O1", "role": "party", "@referredType": "Organization"}]`, "O1", "", "", ""},
		{"a single party is the customer", `[{"id": "P1", "name": "Bo"}]`, "P1", "Bo", "", ""},
		{"two parties without a part are nobody", `[{"id": "P1"}, {"id": "P2"}]`, "", "", "", ""},
		{"a party without an id is passed over", `[{"role": "customer"}, {"id": "C2", "role": "customer"}]`, "C2", "", "", ""},
		{"digits alone are no phone number", `[{"id": "15550100123", "role": "msisdn"}]`, "", "", "15550100123", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, `{"relatedParty": `+tt.parties+`}`)
			var customer ingest.Customer
			if r.Customer != nil {
				customer = *r.Customer
			}
			var line ingest.Line
			if r.Line != nil {
				line = *r.Line
			}
			got := []string{customer.ID, str(customer.Name), name(line, 0), str(line.PhoneNumber), name(line, 1)}
			if diff := cmp.Diff([]string{tt.customer, tt.customerName, tt.line, tt.phone, tt.phone}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func name(l ingest.Line, i int) string {
	if i >= len(l.Identifiers) {
		return ""
	}
	return l.Identifiers[i].Value
}
