package lawtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
)

func instant(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly, "2006-01"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	panic("no time: " + text)
}

// pr1, pr2 and pr3 are numbers of Puerto Rico.
const pr1, pr2, pr3 = "17875550001", "17875550002", "17875550003"

func call(id, customer, at string, number text) *document {
	return &document{Source: db.Elevate, ID: id, Customer: customer, At: instant(at), Number: number}
}

func month(id, customer, own, at string, number text) *document {
	return &document{Source: db.STN, ID: id, Customer: customer, Own: ownID(own), At: instant(at), Number: number}
}

func event(id, at string, parties ...party) *document {
	return &document{Source: db.BRM, ID: id, At: instant(at), Parties: parties}
}

// report has a time in dxp's time zone, where a day begins at 4:00 UTC.
func report(at string, number text) *document {
	return &document{Source: db.DXP, At: instant(at).Add(4 * time.Hour), Number: number}
}

// described returns one text for each record, with its customer, subscription and attribution, and one for each
// subscription with its attributes.
func (w *model) described() []string {
	var list []string
	for _, d := range w.documents {
		p := w.places[d]
		list = append(list, strings.TrimRight(fmt.Sprintf("%s %s: %s, %s %s", d.Source, d.recordID(), p.customer, w.textOf(p.subscription), p.attribution), " "))
	}
	for key, l := range w.subscriptions() {
		list = append(list, fmt.Sprintf("subscription %s of %s: phone %s, card %s", w.textOf(key), key.customer, orNone(l.Phone), orNone(l.Card)))
	}
	slices.Sort(list)
	return list
}

func (c customerKey) String() string {
	if c == (customerKey{}) {
		return "none"
	}
	return fmt.Sprintf("%s:%s", c.source, c.id)
}

func (w *model) textOf(key subscriptionKey) string {
	if key == (subscriptionKey{}) {
		return "no subscription"
	}
	l := w.show(key)
	return fmt.Sprintf("%s:%s", l.Source, l.SourceID)
}

func orNone(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}

var oracleCases = []struct {
	name      string
	documents []*document
	want      []string
}{
	{"d01: a number of a subscription that now belongs to someone else", []*document{
		month("m1", "A", "s1", "2025-01", numbered(pr1, "787-5550001")), month("m2", "A", "s1", "2025-02", numbered(pr2, "787-5550002")),
		report("2025-03-01", numbered(pr2, "7875550002")), report("2025-03-02", numbered(pr1, "7875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-03-02T04:00:00Z: none, DXP:7875550001", "DXP MSISDN:17875550002@2025-03-01T04:00:00Z: STN:A, STN:s1 WINDOW",
		"STN m1: STN:A, STN:s1", "STN m2: STN:A, STN:s1",
		"subscription DXP:7875550001 of none: phone 7875550001, card none", "subscription STN:s1 of STN:A: phone 787-5550002, card none",
	}},
	{"d02: a report before the new owner's first record comes in", []*document{
		call("1", "1", "2025-01-01", numbered(pr1, "+17875550001")), report("2025-02-10", numbered(pr1, "17875550001")),
		call("2", "2", "2025-02-05", numbered(pr1, "+17875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-02-10T04:00:00Z: ELEVATE:2, ELEVATE:+17875550001 WINDOW",
		"ELEVATE 1: ELEVATE:1, ELEVATE:+17875550001", "ELEVATE 2: ELEVATE:2, ELEVATE:+17875550001",
		"subscription ELEVATE:+17875550001 of ELEVATE:2: phone +17875550001, card none", "subscription ELEVATE:+17875550001 of ELEVATE:1: phone +17875550001, card none",
	}},
	{"d02: the first two files alone", []*document{
		call("1", "1", "2025-01-01", numbered(pr1, "+17875550001")), report("2025-02-10", numbered(pr1, "17875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-02-10T04:00:00Z: ELEVATE:1, ELEVATE:+17875550001 WINDOW", "ELEVATE 1: ELEVATE:1, ELEVATE:+17875550001",
		"subscription ELEVATE:+17875550001 of ELEVATE:1: phone +17875550001, card none",
	}},
	{"d03: a number that is handed on within a customer", []*document{
		month("m1", "c", "s1", "2025-01", numbered(pr1, "787-5550001")), month("m2", "c", "s2", "2025-01", numbered(pr2, "787-5550002")),
		month("m3", "c", "s2", "2025-02", numbered(pr1, "787-5550001")), month("m4", "c", "s1", "2025-02", numbered(pr3, "787-5550003")),
	}, []string{
		"STN m1: STN:c, STN:s1", "STN m2: STN:c, STN:s2", "STN m3: STN:c, STN:s2", "STN m4: STN:c, STN:s1",
		"subscription STN:s1 of STN:c: phone 787-5550003, card none", "subscription STN:s2 of STN:c: phone 787-5550001, card none",
	}},
	{"d04: a placeholder for a card names nothing", []*document{
		withCard(month("m1", "A", "s1", "2025-01", numbered(pr1, "787-5550001")), unnamed("N/A")),
		withCard(month("m2", "A", "s2", "2025-01", numbered(pr2, "787-5550002")), unnamed("N/A")),
		report("2025-02-01", numbered(pr1, "7875550001")), report("2025-03-02", numbered(pr2, "7875550002")),
	}, []string{
		"DXP MSISDN:17875550001@2025-02-01T04:00:00Z: STN:A, STN:s1 WINDOW", "DXP MSISDN:17875550002@2025-03-02T04:00:00Z: none, DXP:7875550002",
		"STN m1: STN:A, STN:s1", "STN m2: STN:A, STN:s2", "subscription DXP:7875550002 of none: phone 7875550002, card none",
		"subscription STN:s1 of STN:A: phone 787-5550001, card N/A", "subscription STN:s2 of STN:A: phone 787-5550002, card N/A",
	}},
	{"d06: an older month that comes later", []*document{
		withCard(month("m3", "c", "s1", "2025-03", numbered(pr3, "787-5550003")), cardText("8931000000000000003")),
		withCard(month("m1", "c", "s1", "2025-01", numbered(pr1, "787-5550001")), cardText("8931000000000000001")),
	}, []string{
		"STN m1: STN:c, STN:s1", "STN m3: STN:c, STN:s1", "subscription STN:s1 of STN:c: phone 787-5550003, card 8931000000000000003",
	}},
	{"d07: a brm agent is no customer", []*document{
		event("u1", "2025-01-01", party{"salesAgent", unnamed("agent-9"), "Agent Nine"}, party{"customer", unnamed("acct-1"), "Acme"}),
		event("u2", "2025-01-01", party{"customer", unnamed("acct-1"), "Acme"}, party{"salesAgent", unnamed("agent-9"), "Agent Nine"}),
	}, []string{"BRM u1: BRM:acct-1, no subscription", "BRM u2: BRM:acct-1, no subscription"}},
	{"two customers of one rank", []*document{
		event("u1", "2025-01-01", party{"owner", unnamed("a"), ""}, party{"owner", unnamed("b"), ""}, party{"msisdn", numbered(pr1, "+17875550001"), ""}),
	}, []string{"BRM u1: none, no subscription"}},
	{"d09: a brm role msisdn without plus", []*document{
		event("u1", "2025-01-01", party{"customer", unnamed("acct"), ""}, party{"msisdn", numbered(pr1, "17875550001"), ""}),
		report("2025-02-01", numbered(pr1, "17875550001")),
	}, []string{
		"BRM u1: BRM:acct, BRM:17875550001", "DXP MSISDN:17875550001@2025-02-01T04:00:00Z: BRM:acct, BRM:17875550001 WINDOW",
		"subscription BRM:17875550001 of BRM:acct: phone 17875550001, card none",
	}},
	{"d10: one report twice", []*document{
		report("2025-02-10", numbered(pr3, "17875550003")), report("2025-02-10", numbered(pr3, "+1 787 555 0003")),
	}, []string{
		"DXP MSISDN:17875550003@2025-02-10T04:00:00Z: none, DXP:+1 787 555 0003", "subscription DXP:+1 787 555 0003 of none: phone +1 787 555 0003, card none",
	}},
	{"h05: one number as people write it", []*document{
		call("1", "31", "2025-03-10", numbered("442079460124", "+442079460124")), call("2", "31", "2025-03-10", numbered("442079460124", "+44 (0)20 7946 0124")),
	}, []string{
		"ELEVATE 1: ELEVATE:31, ELEVATE:+44 (0)20 7946 0124", "ELEVATE 2: ELEVATE:31, ELEVATE:+44 (0)20 7946 0124",
		"subscription ELEVATE:+44 (0)20 7946 0124 of ELEVATE:31: phone +44 (0)20 7946 0124, card none",
	}},
	{"o01: another number closes the window", []*document{
		month("m1", "A", "s1", "2025-01", numbered(pr1, "787-5550001")), month("m2", "A", "s1", "2025-02", numbered(pr2, "787-5550002")),
		report("2025-02-10", numbered(pr1, "7875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-02-10T04:00:00Z: none, DXP:7875550001", "STN m1: STN:A, STN:s1", "STN m2: STN:A, STN:s1",
		"subscription DXP:7875550001 of none: phone 7875550001, card none", "subscription STN:s1 of STN:A: phone 787-5550002, card none",
	}},
	{"o02: handed on within a month", []*document{
		month("m1", "A", "s1", "2025-01", numbered(pr1, "787-5550001")),
		call("1", "17", "2025-01-15", numbered(pr1, "+17875550001")), call("2", "17", "2025-02-20", numbered(pr1, "+17875550001")),
		report("2025-01-20", numbered(pr1, "7875550001")), report("2025-02-03", numbered(pr1, "7875550001")), report("2025-02-25", numbered(pr1, "7875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-01-20T04:00:00Z: none, DXP:7875550001", "DXP MSISDN:17875550001@2025-02-03T04:00:00Z: none, DXP:7875550001",
		"DXP MSISDN:17875550001@2025-02-25T04:00:00Z: ELEVATE:17, ELEVATE:+17875550001 WINDOW",
		"ELEVATE 1: ELEVATE:17, ELEVATE:+17875550001", "ELEVATE 2: ELEVATE:17, ELEVATE:+17875550001", "STN m1: STN:A, STN:s1",
		"subscription ELEVATE:+17875550001 of ELEVATE:17: phone +17875550001, card none", "subscription DXP:7875550001 of none: phone 7875550001, card none",
		"subscription STN:s1 of STN:A: phone 787-5550001, card none",
	}},
	{"o03: local numbers do not join", []*document{
		month("m1", "A", "s1", "2025-01", localText("5550001")), report("2025-01-20", localText("5550001")),
		call("1", "17", "2025-01-15", localText("8201")), report("2025-01-20", localText("8201")), report("2025-01-20", localText("448201")),
	}, []string{
		"DXP MSISDN:448201@2025-01-20T04:00:00Z: none, DXP:448201", "DXP MSISDN:5550001@2025-01-20T04:00:00Z: none, DXP:5550001",
		"DXP MSISDN:8201@2025-01-20T04:00:00Z: none, DXP:8201", "ELEVATE 1: ELEVATE:17, ELEVATE:8201", "STN m1: STN:A, STN:s1",
		"subscription DXP:448201 of none: phone 448201, card none", "subscription DXP:5550001 of none: phone 5550001, card none",
		"subscription DXP:8201 of none: phone 8201, card none", "subscription ELEVATE:8201 of ELEVATE:17: phone 8201, card none",
		"subscription STN:s1 of STN:A: phone 5550001, card none",
	}},
	{"the example of identity.md 2.3", []*document{
		month("m1", "A", "s1", "2025-01", numbered(pr1, "787-5550001")), month("m2", "A", "s1", "2025-02", numbered(pr1, "787-5550001")),
		month("m3", "A", "s1", "2025-03", numbered(pr2, "787-5550002")), call("1", "17", "2025-05-05", numbered(pr1, "+17875550001")),
		report("2025-02-10", numbered(pr1, "7875550001")), report("2025-03-10", numbered(pr1, "7875550001")),
		report("2025-05-01", numbered(pr1, "7875550001")), report("2025-05-20", numbered(pr1, "7875550001")),
	}, []string{
		"DXP MSISDN:17875550001@2025-02-10T04:00:00Z: STN:A, STN:s1 WINDOW", "DXP MSISDN:17875550001@2025-03-10T04:00:00Z: none, DXP:7875550001",
		"DXP MSISDN:17875550001@2025-05-01T04:00:00Z: none, DXP:7875550001", "DXP MSISDN:17875550001@2025-05-20T04:00:00Z: ELEVATE:17, ELEVATE:+17875550001 WINDOW",
		"ELEVATE 1: ELEVATE:17, ELEVATE:+17875550001", "STN m1: STN:A, STN:s1", "STN m2: STN:A, STN:s1", "STN m3: STN:A, STN:s1",
		"subscription ELEVATE:+17875550001 of ELEVATE:17: phone +17875550001, card none", "subscription DXP:7875550001 of none: phone 7875550001, card none",
		"subscription STN:s1 of STN:A: phone 787-5550002, card none",
	}},
}

func withCard(d *document, card text) *document {
	d.Card = card
	return d
}

func TestOracleCases(t *testing.T) {
	t.Parallel()
	for _, tt := range oracleCases {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(slices.Sorted(slices.Values(tt.want)), newModel(tt.documents, decisions{}).described()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
