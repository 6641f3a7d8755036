package lawtest_test

import (
	"testing"
	"time"

	"usagegraph/db"
)

// fee returns a brm record of a customer with an own id and a number; empty values are left out.
func fee(id, customer, at, own string, number text) *document {
	d := event(id, at)
	if customer != "" {
		d.Parties = append(d.Parties, party{Role: "customer", ID: unnamed(customer)})
	}
	if own != "" {
		d.Parties = append(d.Parties, party{Role: "subscriber", ID: ownID(own)})
	}
	if number.written != "" {
		d.Parties = append(d.Parties, party{Role: "msisdn", ID: number})
	}
	return d
}

// TestOracleRules compares the place of the last document of each set.
func TestOracleRules(t *testing.T) {
	t.Parallel()
	n := numbered(pr1, "+17875550001")
	other := numbered(pr2, "+17875550002")
	a := customerKey{db.BRM, "a"}
	keyOf := func(id string) subscriptionKey {
		return subscriptionKey{a, name{means: own, source: db.BRM, value: id}}
	}
	numberOf := func(c customerKey) subscriptionKey { return subscriptionKey{c, name{means: possible, value: pr1}} }
	end := instant("2025-01-01").Add(attributionWindow)
	at := func(at time.Time) string { return at.Format(time.RFC3339Nano) }
	anonymous := func(at string) *document { return call("99", "", at, n) }
	tests := []struct {
		name      string
		documents []*document
		want      place
	}{
		{"evidence before and after is held", []*document{call("1", "1", "2025-01-01", n), call("2", "1", "2025-06-01", n), anonymous("2025-04-01")},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), held}},
		{"at the instant of the last evidence it is a window", []*document{call("1", "1", "2025-01-01", n), call("2", "1", "2025-06-01", n), anonymous("2025-06-01")},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
		{"the window ends after 45 days", []*document{call("1", "1", "2025-01-01", n), anonymous(at(end))}, place{subscription: numberOf(customerKey{})}},
		{"just before that it has not ended", []*document{call("1", "1", "2025-01-01", n), anonymous(at(end.Add(-time.Microsecond)))},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
		{"before the first evidence there is no window", []*document{call("1", "1", "2025-01-02", n), anonymous("2025-01-01")}, place{subscription: numberOf(customerKey{})}},
		{"a number alone belongs to the nearest own id", []*document{fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-03-01", "y", n), fee("3", "a", "2025-02-20", "", n)},
			place{customer: a, subscription: keyOf("y")}},
		{"of two equally near ones to the least", []*document{fee("1", "a", "2025-01-01", "y", n), fee("2", "a", "2025-01-03", "x", n), fee("3", "a", "2025-01-02", "", n)},
			place{customer: a, subscription: keyOf("x")}},
		{"without an own id to the subscription of the number", []*document{fee("1", "a", "2025-01-01", "x", other), fee("3", "a", "2025-02-20", "", n)},
			place{customer: a, subscription: numberOf(a)}},
		{"two own ids of one customer dispute a number", []*document{fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n), anonymous("2025-01-05")},
			place{customer: a, attribution: window}},
		{"not if both have another number", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n),
			fee("3", "a", "2025-01-02", "x", other), fee("4", "a", "2025-01-03", "y", other), anonymous("2025-01-05"),
		}, place{subscription: numberOf(customerKey{})}},
		{"but if only one has another number", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n), fee("3", "a", "2025-01-02", "x", other), anonymous("2025-01-05"),
		}, place{customer: a, attribution: window}},
		{"a record that rule 2.2 places closes a window", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2024-12-01", "x", other), fee("3", "a", "2025-01-02", "", other), anonymous("2025-01-05"),
		}, place{subscription: numberOf(customerKey{})}},
		{"a record without a customer is attributed by its number", []*document{call("1", "1", "2025-01-01", n), fee("2", "", "2025-01-05", "x", n)},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
		{"without a number it has an unattributed subscription", []*document{fee("2", "", "2025-01-05", "x", text{})}, place{subscription: subscriptionKey{name: name{means: own, source: db.BRM, value: "x"}}}},
		{"the last version counts", []*document{call("1", "1", "2025-01-01", n), call("1", "2", "2025-01-01", n), anonymous("2025-01-05")},
			place{customerKey{db.Elevate, "2"}, numberOf(customerKey{db.Elevate, "2"}), window}},
		{"unless its date is older", []*document{loaded(call("1", "1", "2025-01-01", n), "2025-02-02"), loaded(call("1", "2", "2025-01-01", n), "2025-02-01"), anonymous("2025-01-05")},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
	}
	for _, tt := range tests {
		w := newModel(tt.documents, decisions{})
		if got := w.places[tt.documents[len(tt.documents)-1]]; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func loaded(d *document, day string) *document {
	d.Version = day
	return d
}
