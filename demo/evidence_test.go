package demo_test

import (
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
)

// evidence is the phone number of a record, as its document has it, and the time at which the customer of the record
// had the number: a month, or an instant with start and end equal. The evidence of a report of dxp has no customer.
type evidence struct {
	number     string
	start, end time.Time
}

// puertoRico is the default time zone of dxp. It has no summer time.
var puertoRico = time.FixedZone("", -4*3600)

// evidenceOf returns the evidence in the document of a system. It shares no code with the importer.
func evidenceOf(t *testing.T, set demo.Set, source db.Source) []evidence {
	t.Helper()
	var list []evidence
	switch source {
	case db.Elevate:
		for _, r := range decoded[struct {
			ServiceID string
			EventDate time.Time
		}](t, set, source) {
			list = append(list, evidence{r.ServiceID, r.EventDate, r.EventDate})
		}
	case db.BRM:
		for _, r := range decoded[struct {
			Date         time.Time
			RelatedParty []struct{ ID, Role string }
		}](t, set, source) {
			for _, p := range r.RelatedParty {
				if p.Role == "subscriber" {
					list = append(list, evidence{p.ID, r.Date, r.Date})
				}
			}
		}
	case db.STN:
		for _, r := range decoded[struct{ PhoneNumber, YearMonth string }](t, set, source) {
			month, err := time.Parse("2006_01", r.YearMonth)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, evidence{r.PhoneNumber, month, month.AddDate(0, 1, 0)})
		}
	case db.DXP:
		for _, r := range decoded[struct{ Description, EffectiveDate string }](t, set, source) {
			number, found := strings.CutPrefix(r.Description, "Usage Consumption Report for MSISDN ")
			at, err := time.ParseInLocation("2006-01-02T15:04:05", r.EffectiveDate, puertoRico)
			if !found || err != nil {
				t.Fatalf("%q of %q: %v", r.Description, r.EffectiveDate, err)
			}
			list = append(list, evidence{number, at, at})
		}
	}
	return list
}

// numbersOf returns the phone numbers in the document of a system, as it has them.
func numbersOf(t *testing.T, set demo.Set, source db.Source) map[string]bool {
	t.Helper()
	numbers := map[string]bool{}
	for _, e := range evidenceOf(t, set, source) {
		numbers[e.number] = true
	}
	return numbers
}

func TestSystemsHaveSubscriptionsInCommon(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set demo.Set
		// in is the number of subscriptions of each system, by the number of those of exactly 1, 2, 3 and 4 systems.
		in map[db.Source]int
		by [4]int
	}{
		"the starter set": {starter, map[db.Source]int{db.BRM: 60, db.Elevate: 53, db.STN: 47, db.DXP: 13}, [4]int{4, 12, 31, 13}},
		"700 customers":   {large, map[db.Source]int{db.BRM: 1117, db.Elevate: 1643, db.STN: 1559, db.DXP: 423}, [4]int{310, 803, 718, 168}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			systemCount := map[string]int{}
			for _, source := range systems {
				numbers := numbersOf(t, c.set, source)
				for number := range numbers {
					systemCount[digits(number)]++
				}
				if len(numbers) != c.in[source] {
					t.Errorf("%s: %d subscriptions, want %d", source, len(numbers), c.in[source])
				}
			}
			var by [4]int
			for _, count := range systemCount {
				by[count-1]++
			}
			if by != c.by {
				t.Errorf("subscriptions of 1, 2, 3 and 4 systems: %v, want %v", by, c.by)
			}
		})
	}
}

// TestReportsHaveACustomer checks that each report of dxp, which names no customer, has a holder of its number at its
// time: between the records of the other systems, or in the 45 days after the last of them.
func TestReportsHaveACustomer(t *testing.T) {
	t.Parallel()
	const window = 45 * 24 * time.Hour
	for name, c := range map[string]struct {
		set demo.Set
		// held is the number of reports with evidence of their number before and after, inWindow the number of those
		// with evidence before only.
		held, inWindow int
	}{
		"the starter set":     {starter, 0, 13},
		"700 customers":       {large, 8, 415},
		"an incomplete month": {demo.Set{Customers: 40, Records: 4000, Months: 3, Until: time.Date(2024, time.May, 21, 0, 0, 0, 0, time.UTC)}, 1, 24},
		"few records":         {demo.Set{Customers: 100, Records: 1, Months: 1}, 0, 64},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holdings := map[string]holding{}
			for _, source := range []db.Source{db.Elevate, db.BRM, db.STN} {
				for _, e := range evidenceOf(t, c.set, source) {
					number := digits(e.number)
					holdings[number] = holdings[number].with(e)
				}
			}
			held, inWindow := 0, 0
			for _, report := range evidenceOf(t, c.set, db.DXP) {
				h, known := holdings[digits(report.number)]
				switch at := report.start; {
				case !known || at.Before(h.start) || !at.Before(h.end) && !at.Before(h.lastStart.Add(window)):
					t.Errorf("report on %s at %v: no holder", report.number, at)
				case h.firstEnd.Before(at) && h.lastStart.After(at):
					held++
				default:
					inWindow++
				}
			}
			if held != c.held || inWindow != c.inWindow {
				t.Errorf("%d reports within a holding and %d in the window after one, want %d and %d", held, inWindow, c.held, c.inWindow)
			}
		})
	}
}

// holding is the time during which a customer has a phone number, from all evidence of the number. In a set a number
// has one holder.
type holding struct{ start, firstEnd, lastStart, end time.Time }

func (h holding) with(e evidence) holding {
	if h.start.IsZero() {
		return holding{e.start, e.end, e.start, e.end}
	}
	if e.start.Before(h.start) {
		h.start = e.start
	}
	if e.end.Before(h.firstEnd) {
		h.firstEnd = e.end
	}
	if e.start.After(h.lastStart) {
		h.lastStart = e.start
	}
	if e.end.After(h.end) {
		h.end = e.end
	}
	return h
}
