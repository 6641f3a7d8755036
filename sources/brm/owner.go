package brm

import (
	"strings"
	"unicode"

	"usagegraph/db"
	"usagegraph/ingest"
)

// part is what a related party is to a usage.
type part int

const (
	unknownPart part = iota
	customerPart
	linePart
)

// parts are the roles and referred types that tell a party's part, in small letters without anything between.
var parts = map[string]part{
	"customer": customerPart, "account": customerPart, "billingaccount": customerPart, "payer": customerPart,
	"owner": customerPart, "individual": customerPart, "organization": customerPart,
	"subscriber": linePart, "subscription": linePart, "service": linePart, "user": linePart, "msisdn": linePart, "line": linePart,
}

// partOf returns the part of a party by its role, or by its referred type where the role tells nothing.
func partOf(p db.RelatedParty) part {
	for _, word := range []*string{p.Role, p.ReferredType} {
		if word == nil {
			continue
		}
		letters := strings.Map(func(c rune) rune {
			if c == ' ' || c == '-' || c == '_' {
				return -1
			}
			return unicode.ToLower(c)
		}, *word)
		if found := parts[letters]; found != unknownPart {
			return found
		}
	}
	return unknownPart
}

// first returns the first party of a part that has an id; nil where there is none.
func first(parties []db.RelatedParty, wanted part) *db.RelatedParty {
	for i, p := range parties {
		if p.ID != nil && *p.ID != "" && partOf(p) == wanted {
			return &parties[i]
		}
	}
	return nil
}

// customer returns who pays; nil where no party says.
func customer(parties []db.RelatedParty) *ingest.Customer {
	party := first(parties, customerPart)
	if party == nil && len(parties) == 1 {
		party = first(parties, unknownPart)
	}
	if party == nil {
		return nil
	}
	return &ingest.Customer{ID: *party.ID, Name: party.Name}
}

// line returns what was used; nil where no party says.
func line(parties []db.RelatedParty) *ingest.Line {
	party := first(parties, linePart)
	if party == nil {
		return nil
	}
	return ingest.LineByID(*party.ID)
}
