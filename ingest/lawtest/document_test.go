package lawtest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
)

// document is one record of a system as a document has it.
type document struct {
	Source db.Source
	// ID is the record's id in its system. A consumption report has none: see recordID.
	ID string
	// At is the instant of a usage record or report, and the first one of a summary's month.
	At time.Time
	// Customer is the customer's id; empty where the document names none. A brm record names its own among Parties.
	Customer string
	// Own, Number and Card name the subscription. An elevate record has at most one of them, its serviceId, and a report
	// has Own or Number. The Own of a summary without Number may be a number. A brm record has Parties instead.
	Own, Number, Card text
	// Parties are the related parties of a brm record.
	Parties []party
	// Version is the day of elevate's loadedDate or of brm's lastUpdate; empty where the document has none.
	Version string
	// ProviderGroup and GroupSIM are sTN's; empty and nil where the document does not have them.
	ProviderGroup string
	GroupSIM      *bool
	// Amount makes two documents of one id differ.
	Amount int
}

// party is a related party of a brm record.
type party struct {
	Role string
	// ID is the id as it is written; of a customer it means nothing.
	ID text
	// Name is the party's name; empty where it has none.
	Name string
}

// customerRoles rank the roles of customers, lineRoles those that name the subscription.
var (
	customerRoles = []string{"customer", "account holder", "payer", "owner"}
	lineRoles     = []string{"msisdn", "subscriber", "line", "user", "service", "subscription"}
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

// recordID returns the id under which the record is stored. A consumption report is known by what it was asked by and
// when, so that two spellings of one number are one report.
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

// customers returns the ids of the document's customers: those of the highest rank that a brm record has.
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

// customer returns the one customer whom the document names; empty where it names none or several.
func (d *document) customer() string {
	if ids := d.customers(); len(ids) == 1 {
		return ids[0]
	}
	return ""
}

// customerName returns the name of the document's customer; empty where it has none.
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

// identifier returns the text of a brm record, or of its field, that has one of some meanings; the zero text where
// there is none.
func (d *document) identifier(field text, meanings ...meaning) text {
	if d.Source != db.BRM {
		return field
	}
	for _, role := range lineRoles {
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

// own returns the own id by which the document names its subscription. A number is none, even where a system uses it
// as one.
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

// names returns what the document names its subscription by beside an own id: a number and a card, or one of them.
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
