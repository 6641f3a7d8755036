package brm_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

func text(s string) *string { return &s }

func TestTheCustomer(t *testing.T) {
	tests := []struct {
		name, parties string
		want          *ingest.Customer
		contested     []string
	}{
		{"no parties", `null`, nil, nil},
		{"an empty list", `[]`, nil, nil},
		{"a customer with a subscription", `[{"id": "C1", "name": "Ada", "role": "Customer"}, {"id": "+15550100123", "role": "subscriber"}]`,
			&ingest.Customer{ID: "C1", Name: text("Ada")}, nil},
		{"a customer goes before a payer and an owner", `[{"id": "O", "role": "owner"}, {"id": "P", "role": "payer"}, {"id": "C", "role": "customer"}]`,
			&ingest.Customer{ID: "C"}, nil},
		{"an account holder goes before a payer", `[{"id": "P", "role": "payer"}, {"id": "A", "role": "Account_Holder"}]`, &ingest.Customer{ID: "A"}, nil},
		{"a payer goes before an owner", `[{"id": "O", "role": "owner"}, {"id": "P", "role": "payer"}]`, &ingest.Customer{ID: "P"}, nil},
		{"words may be written apart", `[{"id": "C1", "role": "Billing Account"}, {"id": "x", "role": "other"}]`, &ingest.Customer{ID: "C1"}, nil},
		{"an account and a billing account are of one rank", `[{"id": "B", "role": "billing-account"}, {"id": "A", "role": "account"}]`, nil, []string{"A", "B"}},
		{"two customers", `[{"id": "C2", "role": "customer"}, {"id": "C1", "role": "customer"}, {"id": "O", "role": "owner"}]`, nil, []string{"C1", "C2"}},
		{"one customer twice", `[{"id": "C1", "name": "B", "role": "customer"}, {"id": "C1", "role": "customer"}, {"id": "C1", "name": "A", "role": "customer"}]`,
			&ingest.Customer{ID: "C1", Name: text("A")}, nil},
		{"the name may come from a later rank", `[{"id": "C1", "name": "Z", "role": "payer"}, {"id": "C1", "role": "customer"}, {"id": "x", "name": "Other", "role": "payer"}]`,
			&ingest.Customer{ID: "C1", Name: text("Z")}, nil},
		{"a party without an id does not count", `[{"role": "customer"}, {"id": "", "role": "customer"}, {"id": "C2", "role": "customer"}]`, &ingest.Customer{ID: "C2"}, nil},
		{"a placeholder is not a customer", `[{"id": "anonymous", "role": "customer"}, {"id": "P", "role": "payer"}]`, &ingest.Customer{ID: "P"}, nil},
		{"a masked id is not a customer", `[{"id": "****", "role": "customer"}]`, nil, nil},
		{"an agent is not a customer", `[{"id": "agent-9", "role": "salesAgent", "@referredType": "Individual"}]`, nil, nil},
		{"the referred type of one of several parties is ignored", `[{"id": "O1", "@referredType": "Organization"}, {"id": "x"}]`, nil, nil},
		{"the role individual is ignored", `[{"id": "P1", "role": "individual"}]`, nil, nil},
		{"one party without a role", `[{"id": "P1", "name": "Bo"}]`, &ingest.Customer{ID: "P1", Name: text("Bo")}, nil},
		{"one party with a referred type alone", `[{"id": "P1", "role": "", "@referredType": "Individual"}]`, &ingest.Customer{ID: "P1"}, nil},
		{"two parties without roles", `[{"id": "P1"}, {"id": "P2"}]`, nil, nil},
		{"a sales agent before the customer", `[{"id":"agent-9","name":"Agent Nine","role":"salesAgent","@referredType":"Individual"},{"id":"acct-1","name":"Acme","role":"customer","@referredType":"Customer"}]`,
			&ingest.Customer{ID: "acct-1", Name: text("Acme")}, nil},
		{"a sales agent after the customer", `[{"id":"acct-1","name":"Acme","role":"customer","@referredType":"Customer"},{"id":"agent-9","name":"Agent Nine","role":"salesAgent","@referredType":"Individual"}]`,
			&ingest.Customer{ID: "acct-1", Name: text("Acme")}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, `{"relatedParty": `+tt.parties+`}`)
			if diff := cmp.Diff(tt.want, r.Customer); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.contested, r.ContestedCustomers); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheSubscription(t *testing.T) {
	const card = "8931087112345678901"
	tests := []struct {
		name, parties string
		want          *ingest.Subscription
	}{
		{"no subscription", `[{"id": "C1", "role": "customer"}]`, nil},
		{"a number", `[{"id": "+1 787 555 0001", "role": "subscriber"}]`, &ingest.Subscription{Number: "+17875550001", PhoneNumber: text("+1 787 555 0001")}},
		{"an MSISDN without a plus", `[{"id": "acct", "role": "customer"}, {"id": "17875550001", "role": "msisdn"}]`,
			&ingest.Subscription{Number: "+17875550001", PhoneNumber: text("17875550001")}},
		{"an MSISDN with a plus", `[{"id": "+17875550001", "role": "MSISDN"}]`, &ingest.Subscription{Number: "+17875550001", PhoneNumber: text("+17875550001")}},
		{"a local number", `[{"id": "8201", "role": "service"}]`, &ingest.Subscription{Number: "brm:8201", PhoneNumber: text("8201")}},
		{"an own id", `[{"id": "0.0.0.1 /service/telco 42 0", "role": "service"}]`, &ingest.Subscription{OwnID: "0.0.0.1 /service/telco 42 0"}},
		{"a number and an own id", `[{"id": "S-1", "role": "subscription"}, {"id": "S-2", "role": "user"}, {"id": "17875550001", "role": "msisdn"}]`,
			&ingest.Subscription{OwnID: "S-2", Number: "+17875550001", PhoneNumber: text("17875550001")}},
		{"of two numbers the one with the first role", `[{"id": "+17875550002", "role": "service"}, {"id": "+17875550001", "role": "subscriber"}]`,
			&ingest.Subscription{Number: "+17875550001", PhoneNumber: text("+17875550001")}},
		{"of two numbers of one role the first by text", `[{"id": "+17875550002", "role": "line"}, {"id": "+17875550001", "role": "line"}]`,
			&ingest.Subscription{Number: "+17875550001", PhoneNumber: text("+17875550001")}},
		{"a card", `[{"id": "` + card + `", "role": "service"}]`, &ingest.Subscription{Card: "sim:" + card, SimCardNumber: text(card)}},
		{"a number goes before a card", `[{"id": "` + card + `", "role": "msisdn"}, {"id": "+17875550001", "role": "service"}]`,
			&ingest.Subscription{Number: "+17875550001", PhoneNumber: text("+17875550001")}},
		{"a word is not an MSISDN", `[{"id": "S-1", "role": "msisdn"}]`, nil},
		{"a masked number identifies nothing", `[{"id": "1787***0001", "role": "subscriber"}, {"id": "n/a", "role": "line"}]`, nil},
		{"the referred type of a single party without a role", `[{"id": "S-1", "@referredType": "Subscription"}]`, &ingest.Subscription{OwnID: "S-1"}},
		{"the role goes before the referred type", `[{"id": "S-1", "role": "user", "@referredType": "Individual"}]`, &ingest.Subscription{OwnID: "S-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, `{"relatedParty": `+tt.parties+`}`)
			if diff := cmp.Diff(tt.want, r.Subscription); diff != "" {
				t.Error(diff)
			}
			var lineText *string
			if tt.want != nil && tt.want.Number != "" {
				lineText = tt.want.PhoneNumber
			} else if tt.want != nil {
				lineText = tt.want.SimCardNumber
			}
			if diff := cmp.Diff(lineText, r.Usage.SubscriptionText); diff != "" {
				t.Errorf("LineText: %s", diff)
			}
		})
	}
}

func TestNationalNumbersOfTheRegion(t *testing.T) {
	s, err := brm.Source(brm.Settings{Region: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{"subscriber", "msisdn"} {
		r := sourcetest.Decode(t, s, sample(t, `{"relatedParty": [{"id": "020 7946 0124", "role": "`+role+`"}]}`))
		if r.Subscription.Number != "+442079460124" {
			t.Errorf("%s: got %+v", role, r.Subscription)
		}
	}
	if _, err := brm.Source(brm.Settings{Region: "XX"}); err == nil {
		t.Error("XX was accepted")
	}
}
