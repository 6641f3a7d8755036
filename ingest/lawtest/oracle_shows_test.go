package lawtest_test

import (
	"cmp"
	"slices"
	"time"

	"usagegraph/db"
)

// shownSubscription holds the attributes of a subscription in an answer; nil stands for null.
type shownSubscription struct {
	Customer   customerKey
	Source     db.Source
	SourceID   string
	Phone      *string
	Card       *string
	Group      *string
	GroupSIM   *bool
	BusinessID *string
}

// subscriptions returns the attributes of all subscriptions.
func (w *model) subscriptions() map[subscriptionKey]shownSubscription {
	list := map[subscriptionKey]shownSubscription{}
	for key := range w.members() {
		list[key] = w.show(key)
	}
	return list
}

// members returns the documents of each subscription. A subscription with an assigned number or card may have none.
func (w *model) members() map[subscriptionKey][]*document {
	list := map[subscriptionKey][]*document{}
	for _, e := range w.evidence {
		if e.assigned {
			list[e.subscription] = nil
		}
	}
	for _, d := range w.documents {
		if key := w.places[d].subscription; key != (subscriptionKey{}) {
			list[key] = append(list[key], d)
		}
	}
	return list
}

// show returns the attributes of one subscription, each from the latest document that has it.
func (w *model) show(key subscriptionKey) shownSubscription {
	all := w.members()[key]
	slices.SortFunc(all, func(a, b *document) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Source, b.Source), cmp.Compare(a.recordID(), b.recordID()))
	})
	l := shownSubscription{Customer: key.customer}
	l.Source, l.SourceID = w.named(key, all)
	for _, d := range all {
		if d.customer() != "" || key.customer == (customerKey{}) {
			setText(&l.Phone, d.number().written)
			setText(&l.Card, d.card().written)
		}
		setText(&l.Group, d.ProviderGroup)
		if d.GroupSIM != nil {
			l.GroupSIM = d.GroupSIM
		}
		if d.isReport() {
			setText(&l.BusinessID, businessID)
		}
	}
	if len(w.assignedTo(key)) > 0 {
		switch {
		case key.name.means == card && l.Card == nil:
			l.Card = &key.name.value
		case key.name.isNumber() && l.Phone == nil:
			l.Phone = &key.name.value
		}
	}
	return l
}

func setText(to **string, written string) {
	if written != "" {
		*to = &written
	}
}

// named returns the source and source id of a subscription: those of its own id, or the least of its names in
// assignments and in documents that name its customer. Attributed documents do not count.
func (w *model) named(key subscriptionKey, all []*document) (db.Source, string) {
	if key.name.means == own {
		return key.name.source, key.name.value
	}
	type named struct {
		source  db.Source
		written string
	}
	var list []named
	for _, d := range all {
		if key.customer != w.customerOf(d) {
			continue
		}
		for _, t := range []text{d.number(), d.card()} {
			if t.in(d.Source) == key.name {
				list = append(list, named{d.Source, t.written})
			}
		}
	}
	for _, a := range w.assignedTo(key) {
		list = append(list, named{a.customer.source, a.name.value})
	}
	least := slices.MinFunc(list, func(a, b named) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.written, b.written))
	})
	return least.source, least.written
}

// customerNames returns the customers that documents or decisions name, each with the name in the latest document that
// has one.
func (w *model) customerNames() map[customerKey]*string {
	names := map[customerKey]*string{}
	at := map[customerKey]time.Time{}
	id := map[customerKey]string{}
	for _, l := range w.decisions.links {
		names[w.linked(l[0])] = nil
	}
	for _, a := range w.decisions.assignments {
		names[w.linked(a.customer)] = nil
	}
	for _, d := range w.documents {
		key := w.customerOf(d)
		if key == (customerKey{}) {
			continue
		}
		if _, known := names[key]; !known {
			names[key] = nil
		}
		later := cmp.Or(d.At.Compare(at[key]), cmp.Compare(d.ID, id[key])) > 0
		if given := d.customerName(); given != "" && (names[key] == nil || later) {
			names[key], at[key], id[key] = &given, d.At, d.ID
		}
	}
	return names
}
