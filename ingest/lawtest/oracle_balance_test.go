package lawtest_test

import (
	"fmt"
	"time"

	"usagegraph/db"
)

// balance returns the report in the answer to a client about a number; nil if there is none. It is the latest report by
// the number of its latest holder, or of the one customer whose subscriptions dispute it last. For a client that sees
// all customers it is a later unattributed report by the number, unless a record of the holder is later still.
func (w *model) balance(by name, client string) *document {
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
		case !unowned && (p.subscription != holder.subscription || p.customer != holder.customer || client != everyone && !w.inScope(client, p.customer)):
			continue
		}
		if latest == nil || d.At.After(latest.At) {
			latest = d
		}
	}
	return latest
}

// latestHolder returns the place of documents of the latest holder of a name, and the time of the holder's last
// evidence for it; zero values if no customer ever held it alone. During an assignment its customer holds it alone.
func (w *model) latestHolder(by name) (holder place, last time.Time) {
	var holders group
	var latest time.Time
	for _, g := range w.groups(by) {
		if len(g.customers()) > 1 {
			continue
		}
		of := place{customer: g[0].subscription.customer}
		if len(g.subscriptions()) == 1 {
			of.subscription = g[0].subscription
		}
		holder, holders, latest = of, g, g.last()
	}
	for _, e := range w.evidence {
		if e.assigned && e.name == by && !e.last.Before(latest) {
			holder, holders, latest = place{customer: e.subscription.customer, subscription: e.subscription}, group{e}, e.last
		}
	}
	for _, e := range w.evidence {
		for _, subscription := range holders.subscriptions() {
			if e.subscription == subscription && e.name == by && e.last.After(last) {
				last = e.last
			}
		}
	}
	return holder, last
}

// balanceOfID returns the report in the answer to a client about an own id: the latest one in the scope of the client;
// nil if there is none.
func (w *model) balanceOfID(id name, client string) *document {
	var latest *document
	for _, d := range w.documents {
		if d.isReport() && d.own().in(d.Source) == id && (client == everyone || w.inScope(client, w.places[d].customer)) && (latest == nil || d.At.After(latest.At)) {
			latest = d
		}
	}
	return latest
}

// checkReports compares the answers of dxp's endpoint to a client with the law.
func (w *model) checkReports(client string, a *answers) error {
	for _, by := range w.balanceQueries() {
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
			return fmt.Errorf("the client of %q gets from %s the report %s, want %s", client, surface, got, want)
		}
	}
	return nil
}
