package stn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

func TestTheSubscription(t *testing.T) {
	text := func(s string) *string { return &s }
	group := true
	tests := []struct {
		name, patch string
		want        *ingest.Subscription
	}{
		{"the id", `{"phoneNumber": "", "simCardNumber": ""}`, &ingest.Subscription{OwnID: "S1"}},
		{"all members", `{"phoneNumber": "06-12345678", "simCardNumber": "8931087112345678901", "providerGroup": "KPNMOBIEL", "isGroupSim": true}`, &ingest.Subscription{
			OwnID: "S1", Number: "+31612345678", Card: "sim:8931087112345678901",
			PhoneNumber: text("06-12345678"), SimCardNumber: text("8931087112345678901"), ProviderGroup: text("KPNMOBIEL"), IsGroupSim: &group,
		}},
		{"a masked number has only a text", `{"phoneNumber": "06-****7640"}`, &ingest.Subscription{OwnID: "S1", PhoneNumber: text("06-****7640")}},
		{"a local number", `{"phoneNumber": "8201"}`, &ingest.Subscription{OwnID: "S1", Number: "stn:8201", PhoneNumber: text("8201")}},
		{"a word is not a number", `{"phoneNumber": "none"}`, &ingest.Subscription{OwnID: "S1", PhoneNumber: text("none")}},
		{"a placeholder is not a card", `{"simCardNumber": "n/a"}`, &ingest.Subscription{OwnID: "S1", SimCardNumber: text("n/a")}},
		{"zeros are not a card", `{"simCardNumber": "0000000000000000000"}`, &ingest.Subscription{OwnID: "S1", SimCardNumber: text("0000000000000000000")}},
		{"a number is not a card", `{"simCardNumber": "+31612345678"}`, &ingest.Subscription{OwnID: "S1", SimCardNumber: text("+31612345678")}},
		{"a card in phoneNumber", `{"phoneNumber": "8931087112345678901"}`, &ingest.Subscription{
			OwnID: "S1", Card: "sim:8931087112345678901", SimCardNumber: text("8931087112345678901"),
		}},
		{"digits are an own id", `{"subscriptionId": "10023"}`, &ingest.Subscription{OwnID: "10023"}},
		{"a phone number in subscriptionId", `{"subscriptionId": "+31612345678"}`, &ingest.Subscription{Number: "+31612345678", PhoneNumber: text("+31612345678")}},
		{"phoneNumber has priority over subscriptionId", `{"subscriptionId": "+31612345678", "phoneNumber": "06-11111112"}`, &ingest.Subscription{
			Number: "+31611111112", PhoneNumber: text("06-11111112"),
		}},
		{"a card in subscriptionId", `{"subscriptionId": "8931087112345678901"}`, &ingest.Subscription{Card: "sim:8931087112345678901", SimCardNumber: text("8931087112345678901")}},
		{"a placeholder in subscriptionId", `{"subscriptionId": "unknown"}`, &ingest.Subscription{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, tt.patch)
			if diff := cmp.Diff(tt.want, r.Subscription); diff != "" {
				t.Error(diff)
			}
			if r.Summary.SourceSubscriptionID == nil {
				t.Error("SourceSubscriptionID is nil")
			}
		})
	}
}

// TestASimCardNumberIsStoredAsItCame decodes texts that are not SIM card numbers.
func TestASimCardNumberIsStoredAsItCame(t *testing.T) {
	for _, card := range []string{"8931A", "8931B"} {
		r := decode(t, `{"simCardNumber": "`+card+`"}`)
		if *r.Summary.SimCardNumber != card || r.Summary.CardName != nil {
			t.Errorf("%s: got %v, %v", card, *r.Summary.SimCardNumber, r.Summary.CardName)
		}
	}
}

func TestNationalNumbersOfTheRegion(t *testing.T) {
	tests := []struct {
		region, number string
		want           db.SubscriptionName
	}{
		{"NL", "06-12345678", "+31612345678"},
		{"", "06-12345678", "stn:06-12345678"},
		{"PR", "787-555-0001", "+17875550001"},
		{"PR", "5550001", "stn:5550001"}, // without the area code
	}
	for _, tt := range tests {
		s, err := stn.Source(stn.Settings{Currency: "EUR", Region: tt.region})
		if err != nil {
			t.Fatal(err)
		}
		if r := sourcetest.Decode(t, s, sourcetest.With(t, []byte(least), `{"phoneNumber": "`+tt.number+`"}`)); r.Subscription.Number != tt.want {
			t.Errorf("%s in %q: got %s", tt.number, tt.region, r.Subscription.Number)
		}
	}
	if _, err := stn.Source(stn.Settings{Currency: "EUR", Region: "XX"}); err == nil {
		t.Error("XX was accepted")
	}
}
