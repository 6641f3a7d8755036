package lawtest_test

import (
	"testing"

	"usagegraph/db"
)

// TestOracleAssignments compares the place of the last document of each set.
func TestOracleAssignments(t *testing.T) {
	t.Parallel()
	n, card := abroad, cardText(cards[0])
	a, one := customerKey{db.BRM, "a"}, customerKey{db.Elevate, "1"}
	keyOf := func(c customerKey, n name) subscriptionKey { return subscriptionKey{c, n} }
	id := name{means: own, source: db.DXP, value: "S-1"}
	of := func(c customerKey, n name, how attribution) place { return place{c, keyOf(c, n), how} }
	unowned := func(n name) place { return place{subscription: subscriptionKey{name: n}} }
	number, x, y := n.in(db.Elevate), name{own, db.BRM, "x"}, name{own, db.BRM, "y"}
	anonymous := func(at string) *document { return call("99", "", at, n) }
	byID := func(at string) *document { return &document{Source: db.DXP, At: instant(at), Own: ownID("S-1")} }
	known := call("1", "1", "2025-01-01", home)
	tests := []struct {
		name       string
		assignment assignment
		documents  []*document
		want       place
	}{
		{"a document belongs to the customer in its time", assign(n, "1", "2025-01-10", "2025-02-01"), []*document{known, anonymous("2025-01-10")}, of(one, number, assigned)},
		{"the end is exclusive, and opens no window", assign(n, "1", "2025-01-10", "2025-02-01"), []*document{known, anonymous("2025-02-01")}, unowned(number)},
		{"the time before the start is not assigned", assign(n, "1", "2025-01-10", "2025-02-01"), []*document{known, anonymous("2025-01-09")}, unowned(number)},
		{"a document that names its customer stays there", assign(n, "1", "2025-01-10", "2025-02-01"), []*document{known, call("2", "2", "2025-01-20", n)},
			of(customerKey{db.Elevate, "2"}, number, unattributed)},
		{"the window of another ends", assign(n, "1", "2025-01-10", "2025-01-11"), []*document{known, call("2", "2", "2025-01-01", n), anonymous("2025-01-20")}, unowned(number)},
		{"the holding of another is divided", assign(n, "1", "2025-01-10", "2025-01-11"),
			[]*document{known, call("2", "2", "2025-01-01", n), call("3", "2", "2025-03-01", n), anonymous("2025-02-20")}, unowned(number)},
		{"in dispute it is the customer's", assign(n, "1", "2025-01-10", "2025-01-20"), []*document{known, month("m", "A", "s1", "2025-01", n), anonymous("2025-01-15")}, of(one, number, assigned)},
		{"the rest of the dispute is unattributed", assign(n, "1", "2025-01-10", "2025-01-20"), []*document{known, month("m", "A", "s1", "2025-01", n), anonymous("2025-01-25")}, unowned(number)},
		{"the time after the dispute is unattributed", assign(n, "1", "2025-01-10", "2025-01-20"), []*document{known, month("m", "A", "s1", "2025-01", n), anonymous("2025-02-02")}, unowned(number)},
		{"the window counts from the holder's last record", assign(n, "1", "2025-01-10", "2025-02-10"), []*document{call("1", "1", "2025-01-01", n), anonymous("2025-02-14")}, of(one, number, window)},
		{"the window ends after 45 days", assign(n, "1", "2025-01-10", "2025-02-10"), []*document{call("1", "1", "2025-01-01", n), anonymous("2025-02-15")}, unowned(number)},
		{"between record and assignment it is not held", assign(n, "1", "2025-04-01", "2025-05-01"), []*document{call("1", "1", "2025-01-01", n), anonymous("2025-03-01")}, of(one, number, window)},
		{"the subscription is that with the nearest own id", assign(n, "a", "2025-02-20", "2025-02-25"),
			[]*document{fee("1", "a", "2025-01-01", "x", n), fee("2", "a", "2025-03-01", "y", n), anonymous("2025-02-21")}, of(a, y, assigned)},
		{"of two equally near ones the least", assign(n, "a", "2025-01-01", "2025-02-01"),
			[]*document{fee("1", "a", "2025-01-10", "y", n), fee("2", "a", "2025-01-20", "x", n), anonymous("2025-01-05")}, of(a, x, assigned)},
		{"another number assigned to another subscription leaves the window open", assign(n, "1", "2025-01-10", "2025-01-20"),
			[]*document{call("1", "1", "2025-01-01", home), call("2", "", "2025-01-25", home)}, of(one, home.in(db.Elevate), window)},
		{"another assigned number of the same subscription closes the window", assign(n, "a", "2025-01-10", "2025-01-20"),
			[]*document{fee("1", "a", "2025-01-01", "x", home), fee("2", "a", "2024-01-01", "x", n), call("2", "", "2025-01-25", home)}, unowned(home.in(db.Elevate))},
		{"a card", assign(card, "1", "2025-01-10", "2025-02-01"), []*document{known, {Source: db.Elevate, ID: "2", At: instant("2025-01-10"), Card: card}}, of(one, card.in(db.Elevate), assigned)},
		{"an own id", assignment{name: id, customer: one}, []*document{known, byID("2025-01-10")}, of(one, id, assigned)},
		{"an own id before its beginning", assignment{name: id, customer: one, from: instant("2025-01-11")}, []*document{known, byID("2025-01-10")}, unowned(id)},
		{"an own id at its end", assignment{name: id, customer: one, to: instant("2025-01-10")}, []*document{known, byID("2025-01-10")}, unowned(id)},
		{"an own id in addition to a number", assignment{name: x, customer: one}, []*document{known, fee("1", "", "2025-01-10", "x", n)}, unowned(number)},
	}
	for _, tt := range tests {
		w := newModel(tt.documents, decisions{assignments: []assignment{tt.assignment}})
		if got := w.places[tt.documents[len(tt.documents)-1]]; got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
