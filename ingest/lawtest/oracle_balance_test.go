package lawtest_test

import (
	"fmt"
	"time"

	"usagegraph/db"
)

// balance returns the report that answers a client about a number; nil where there is none. It is the latest report by
// the number of its latest holder, or of the one customer whose subscriptions dispute it last. To a client that sees
// everyone it is an unattributed report by the number where that is later, and no record of the holder is later than it.
func (w *world) balance(by name, client string) *document {
	holder, last := w.latestHolder(by)
	var latest *document
	for _, d := range w.documents {
		p := w.places[d]
		names := d.names()
		if !d.isReport() || len(names) == 0 || names[0] != by {
			continue
		}
		unowned := p.customer == (customerKey{})
		switch {
		case unowned && (client != everyone || last.After(d.At)):
			continue
		case !unowned && (p.line != holder.line || p.customer != holder.customer || client != everyone && !w.sees(client, p.customer)):
			continue
		}
		if latest == nil || d.At.After(latest.At) {
			latest = d
		}
	}
	return latest
}

// latestHolder returns the place of documents of the latest holder of a name, and the last instant of the holder's
// evidence for it; zero values where no customer ever had it alone. In the time of an assignment its customer has it alone.
func (w *world) latestHolder(by name) (holder place, last time.Time) {
	var holders group
	var latest time.Time
	for _, g := range w.groups(by) {
		if len(g.customers()) > 1 {
			continue
		}
		of := place{customer: g[0].line.customer}
		if len(g.lines()) == 1 {
			of.line = g[0].line
		}
		holder, holders, latest = of, g, g.last()
	}
	for _, e := range w.evidence {
		if e.assigned && e.name == by && !e.last.Before(latest) {
			holder, holders, latest = place{customer: e.line.customer, line: e.line}, group{e}, e.last
		}
	}
	for _, e := range w.evidence {
		for _, line := range holders.lines() {
			if e.line == line && e.name == by && e.last.After(last) {
				last = e.last
			}
		}
	}
	return holder, last
}

// balanceOfID returns the report that answers a client about an own id: the latest one by it that the client sees; nil where
// there is none.
func (w *world) balanceOfID(id name, client string) *document {
	var latest *document
	for _, d := range w.documents {
		if d.isReport() && d.own().in(d.Source) == id && (client == everyone || w.sees(client, w.places[d].customer)) && (latest == nil || d.At.After(latest.At)) {
			latest = d
		}
	}
	return latest
}

// reports compares the answers of dxp's endpoint to a client with the law.
func (w *world) reports(client string, a *answers) error {
	for _, by := range w.questions() {
		n := by.in(db.DXP)
		surface := balanceSurface(by)
		want, got := "none", "none"
		answer := w.balance
		if n.means == own {
			answer = w.balanceOfID
		}
		if d := answer(n, client); d != nil {
			want = d.recordID()
		}
		if shown := a.shown[surface]; len(shown) == 1 {
			got = shown[0].id
		}
		if got != want {
			return fmt.Errorf("the client of %q is answered by %s with the report %s, want %s", client, surface, got, want)
		}
	}
	return nil
}
