package lawtest_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// regressions are sets that failed once, reduced to the fewest documents.
var regressions = []struct {
	name      string
	documents []*document
	made      decisions
}{
	{name: "a month that ends with the last records of other holders", documents: []*document{
		month("m14", "A", "s2", "2025-01", numbered("442079460124", "011442079460124")),
		fee("u17", "a", lastInstantOfJanuary, "x", numbered("442079460124", "442079460124")),
		fee("u18", "a", lastInstantOfJanuary, "y", numbered("442079460124", "442079460124")),
	}},
	{name: "a summary whose subscriptionId is its number", documents: []*document{
		{Source: "STN", ID: "m16", Customer: "B", At: instant("2025-06"), Own: numbered("442079460124", "+442079460124")},
	}},
	{"an assignment within the time of its own holder", []*document{
		call("1", "17", "2025-01-01", home), call("2", "17", "2025-06-01", home), call("3", "", "2025-02-05", home), call("4", "", "2025-04-05", home),
	}, decisions{assignments: []assignment{assign(home, "17", "2025-02-01", "2025-03-01")}}},
	{"a record whose time lies in another's assignment", []*document{
		fee("u8", "a", "2025-01-13", "x", home), fee("u9", "b", "2025-01-20", "", home), call("3", "", "2025-02-10", home),
	}, decisions{assignments: []assignment{assign(home, "a", "2025-01-14", "2025-02-05")}}},
	{"an assignment at the end of a dispute of one customer", []*document{
		fee("u8", "a", "2025-05-28", "x", home), fee("u9", "a", "2025-07-01", "y", home), call("3", "", "2025-07-13", home), call("4", "", "2025-08-20", home),
	}, decisions{assignments: []assignment{assign(home, "a", "2025-01-24", "2025-07-13")}}},
	{"a window, and another number assigned until its last record", []*document{
		fee("u1", "a", "2025-05-26", "x", home), fee("u2", "a", "2025-06-18", "x", abroad), call("3", "", "2025-05-27", home),
	}, decisions{assignments: []assignment{assign(abroad, "a", "2025-04-15", "2025-05-26")}}},
	{"an assignment of a customer without documents", []*document{
		call("1", "17", "2025-01-01", home), call("1", "18", "2025-01-01", home), call("2", "", "2025-02-20", abroad),
	}, decisions{assignments: []assignment{assign(abroad, "17", "2025-02-01", "2025-03-01")}}},
	{"an own id that is assigned to a customer of its system", []*document{fee("u1", "a", "2025-01-01", "", text{}), fee("u2", "", "2025-01-01", "x", text{})},
		decisions{assignments: []assignment{{name: ownID("x").in(db.BRM), customer: customerKey{db.BRM, "a"}}}}},
	{"an assignment of one microsecond after another one", []*document{call("1", "17", "2025-01-10", home)}, decisions{assignments: []assignment{
		assign(home, "17", "2025-01-09", "2025-01-10"), assign(home, "17", "2025-01-10", "2025-01-10T00:00:00.000001Z"),
	}}},
	{"a window, and another number assigned before it and used after it", []*document{
		fee("u1", "a", "2025-03-01", "x", home), fee("u2", "a", "2025-06-01", "x", abroad), call("3", "", "2025-04-01", home),
	}, decisions{assignments: []assignment{assign(abroad, "a", "2025-01-01", "2025-02-01")}}},
	{"an assignment at the end of a dispute of two customers", []*document{
		fee("u8", "a", "2025-05-28", "x", home), fee("u9", "b", "2025-07-01", "", home), call("3", "", "2025-07-13", home), call("4", "", "2025-07-12", home),
	}, decisions{assignments: []assignment{assign(home, "a", "2025-01-24", "2025-07-13")}}},
}

var home, abroad = numbered("442079460124", "+442079460124"), numbered(pr1, "+17875550001")

// assign returns the assignment of a number to a customer: of elevate if the id consists of digits, else of brm.
func assign(number text, customer, from, to string) assignment {
	source := db.BRM
	if strings.Trim(customer, "0123456789") == "" {
		source = db.Elevate
	}
	return assignment{number.in(source), customerKey{source, customer}, instant(from), instant(to)}
}

var lastInstantOfJanuary = instant("2025-02").Add(-time.Microsecond).Format(time.RFC3339Nano)

func TestRegressions(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for i, tt := range regressions {
			if err := s.check(tt.documents, tt.made, rand.New(rand.NewPCG(uint64(i), 4)), 8); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if err := s.checkUnassign(tt.documents, tt.made.assignments); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

// checkUnassign compares the answers after assignments were made and undone with those without them.
func (s *server) checkUnassign(documents []*document, assignments []assignment) error {
	w, plan := newModel(documents, decisions{}), inOneGo(documents)
	want, err := s.imported(w, plan, true)
	if err != nil {
		return err
	}
	for _, undo := range []bool{false, true} {
		for _, a := range assignments {
			if !undo && !after(plan, end(plan)).knows(a.customer) {
				plan = prependAssignment(plan, documents, a)
				continue
			}
			plan = append(plan, planStep{decision: &decision{assignment: &a, undo: undo}})
		}
	}
	got, err := s.imported(w, plan, true)
	if err != nil {
		return err
	}
	return want.same(got)
}
