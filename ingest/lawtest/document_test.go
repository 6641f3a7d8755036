package lawtest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// document is one record of a system with the values in its document.
type document struct {
	Source db.Source
	// ID is the record's id in its system. A consumption report has none: see recordID.
	ID string
	// At is the time of a usage record or report, or the beginning of a summary's month.
	At time.Time
	// Customer is the customer's id; empty if the document names none. A brm record names its customer in Parties.
	Customer string
	// Own, Number and Card name the subscription. An elevate record has at most one of them, its serviceId, and a report
	// has Own or Number. The Own of a summary without Number may be a number. A brm record has Parties instead.
	Own, Number, Card text
	// Parties are the related parties of a brm record.
	Parties []party
	// Version is the day of elevate's loadedDate or of brm's lastUpdate; empty if the document has none.
	Version string
	// ProviderGroup and GroupSIM occur in sTN only; empty and nil if the document does not have them.
	ProviderGroup string
	GroupSIM      *bool
	// Amount distinguishes documents with one id.
	Amount int
}

// party is a related party of a brm record.
type party struct {
	Role string
	// ID is the original text; the id of a customer has no meaning as a name.
	ID text
	// Name is the party's name; empty if it has none.
	Name string
}

// customerRoles and subscriptionRoles are the roles of parties that name the customer and the subscription, the highest
// rank first.
var (
	customerRoles     = []string{"customer", "account holder", "payer", "owner"}
	subscriptionRoles = []string{"msisdn", "subscriber", "line", "user", "service", "subscription"}
)

// isSummary reports whether the document is a summary of a month, isReport whether it is a consumption report.
func (d *document) isSummary() bool { return d.Source == db.STN }
func (d *document) isReport() bool  { return d.Source == db.DXP }

// last returns the last microsecond for which the document is evidence.
func (d *document) last() time.Time {
	if d.isSummary() {
		return d.At.AddDate(0, 1, 0).Add(-time.Microsecond)
	}
	return d.At
}

// recordID returns the id under which the record is stored. The id of a consumption report consists of its identifier
// and time, so that two spellings of one number yield one report.
func (d *document) recordID() string {
	if !d.isReport() {
		return d.ID
	}
	kind, identifier := "MSISDN", d.Number.written
	switch {
	case d.Own.written != "":
		kind, identifier = "SUBSCRIPTIONID", d.Own.written
	case d.Number.means == possible:
		identifier = d.Number.value
	}
	return fmt.Sprintf("%s:%s@%s", kind, identifier, d.At.UTC().Format(time.RFC3339))
}

// customers returns the ids of the document's customers; for a brm record those of the highest rank.
func (d *document) customers() []string {
	if d.Source != db.BRM {
		if d.Customer == "" {
			return nil
		}
		return []string{d.Customer}
	}
	for _, role := range customerRoles {
		var ids []string
		for _, p := range d.Parties {
			if p.Role == role {
				ids = append(ids, p.ID.written)
			}
		}
		if slices.Sort(ids); ids != nil {
			return slices.Compact(ids)
		}
	}
	return nil
}

// customer returns the one customer that the document names; empty if it names none or several.
func (d *document) customer() string {
	if ids := d.customers(); len(ids) == 1 {
		return ids[0]
	}
	return ""
}

// customerName returns the name of the document's customer; empty if it has none.
func (d *document) customerName() string {
	id := d.customer()
	for _, role := range customerRoles {
		for _, p := range d.Parties {
			if p.Role == role && p.ID.written == id {
				return p.Name
			}
		}
	}
	return ""
}

// identifier returns the text of a field, or of the parties of a brm record, with one of some meanings; the zero text
// if there is none.
func (d *document) identifier(field text, meanings ...meaning) text {
	if d.Source != db.BRM {
		return field
	}
	for _, role := range subscriptionRoles {
		var found []text
		for _, p := range d.Parties {
			if p.Role == role && slices.Contains(meanings, p.ID.means) {
				found = append(found, p.ID)
			}
		}
		if found != nil {
			return slices.MinFunc(found, func(a, b text) int { return strings.Compare(a.written, b.written) })
		}
	}
	return text{}
}

// own returns the own id of the subscription. A number is not an own id, even if a system uses it as one.
func (d *document) own() text {
	if t := d.identifier(d.Own, own); t.means == own {
		return t
	}
	return text{}
}

func (d *document) number() text {
	if d.isSummary() && d.Own.means == possible {
		return d.Own
	}
	return d.identifier(d.Number, possible, local)
}

func (d *document) card() text { return d.identifier(d.Card, card) }

// names returns the numbers and cards of the subscription, without an own id. A summary may have a number and a card,
// other documents one of them.
func (d *document) names() []name {
	var list []name
	for _, t := range []text{d.number(), d.card()} {
		if n := t.in(d.Source); n != (name{}) {
			list = append(list, n)
		}
	}
	if len(list) > 1 && !d.isSummary() {
		list = list[:1]
	}
	return list
}
