package lawtest_test

import (
	"testing"
	"time"

	"usagegraph/db"
)

// fee is a brm record of a customer with an own id and a number; what is empty it does not have.
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

// TestTheOracleKnowsTheRules asks for the place of the last document of each set.
func TestTheOracleKnowsTheRules(t *testing.T) {
	t.Parallel()
	n := numbered(pr1, "+17875550001")
	other := numbered(pr2, "+17875550002")
	a := customerKey{db.BRM, "a"}
	lineOf := func(id string) lineKey { return lineKey{a, name{means: own, source: db.BRM, value: id}} }
	numberOf := func(c customerKey) lineKey { return lineKey{c, name{means: possible, value: pr1}} }
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
		{"the window ends after 45 days", []*document{call("1", "1", "2025-01-01", n), anonymous(at(end))}, place{line: numberOf(customerKey{})}},
		{"just before that it has not ended", []*document{call("1", "1", "2025-01-01", n), anonymous(at(end.Add(-time.Microsecond)))},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
		{"before the first evidence there is no window", []*document{call("1", "1", "2025-01-02", n), anonymous("2025-01-01")}, place{line: numberOf(customerKey{})}},
		{"a number alone goes to the nearest own id", []*document{fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-03-01", "y", n), fee("3", "a", "2025-02-20", "", n)},
			place{customer: a, line: lineOf("y")}},
		{"of two as near to the least", []*document{fee("1", "a", "2025-01-01", "y", n), fee("2", "a", "2025-01-03", "x", n), fee("3", "a", "2025-01-02", "", n)},
			place{customer: a, line: lineOf("x")}},
		{"of no own id to a line of the number", []*document{fee("1", "a", "2025-01-01", "x", other), fee("3", "a", "2025-02-20", "", n)},
			place{customer: a, line: numberOf(a)}},
		{"two own ids of one customer dispute a number", []*document{fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n), anonymous("2025-01-05")},
			place{customer: a, attribution: window}},
		{"not when both have another number", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n),
			fee("3", "a", "2025-01-02", "x", other), fee("4", "a", "2025-01-03", "y", other), anonymous("2025-01-05"),
		}, place{line: numberOf(customerKey{})}},
		{"but when one has", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-01-01", "y", n), fee("3", "a", "2025-01-02", "x", other), anonymous("2025-01-05"),
		}, place{customer: a, attribution: window}},
		{"a record that rule 2.2 places closes a window", []*document{
			fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2024-12-01", "x", other), fee("3", "a", "2025-01-02", "", other), anonymous("2025-01-05"),
		}, place{line: numberOf(customerKey{})}},
		{"a record without customer goes by its number", []*document{call("1", "1", "2025-01-01", n), fee("2", "", "2025-01-05", "x", n)},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
		{"without a number it is a line of nobody", []*document{fee("2", "", "2025-01-05", "x", text{})}, place{line: lineKey{name: name{means: own, source: db.BRM, value: "x"}}}},
		{"the last word counts", []*document{call("1", "1", "2025-01-01", n), call("1", "2", "2025-01-01", n), anonymous("2025-01-05")},
			place{customerKey{db.Elevate, "2"}, numberOf(customerKey{db.Elevate, "2"}), window}},
		{"unless it says that it is older", []*document{loaded(call("1", "1", "2025-01-01", n), "2025-02-02"), loaded(call("1", "2", "2025-01-01", n), "2025-02-01"), anonymous("2025-01-05")},
			place{customerKey{db.Elevate, "1"}, numberOf(customerKey{db.Elevate, "1"}), window}},
	}
	for _, tt := range tests {
		w := judge(tt.documents, decisions{})
		if got := w.places[tt.documents[len(tt.documents)-1]]; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func loaded(d *document, day string) *document {
	d.Version = day
	return d
}
