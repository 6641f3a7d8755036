package brm

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/ingest"
)

// The roles of a related party, in small letters without spaces, hyphens and underscores, by their ranks: the lowest
// goes first.
var (
	customerRanks = map[string]int{"customer": 1, "account": 2, "billingaccount": 2, "accountholder": 2, "payer": 3, "owner": 4}
	lineRanks     = map[string]int{"msisdn": 1, "subscriber": 2, "line": 3, "user": 4, "service": 5, "subscription": 6}
)

const msisdnRank = 1

// party is a related party that has an id, with the rank of its role.
type party struct {
	id, name string
	rank     int
}

// normalized returns a role or referred type as the ranks have it; empty for nil.
func normalized(word *string) string {
	if word == nil {
		return ""
	}
	return strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) || c == '-' || c == '_' {
			return -1
		}
		return unicode.ToLower(c)
	}, *word)
}

// ranked returns the parties that have an id and one of the roles, by rank, then id, then name.
func ranked(parties []db.RelatedParty, ranks map[string]int) []party {
	var list []party
	for _, p := range parties {
		if rank := ranks[normalized(p.Role)]; rank > 0 && p.ID != nil && *p.ID != "" {
			list = append(list, party{*p.ID, nameOf(p), rank})
		}
	}
	slices.SortFunc(list, func(a, b party) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.id, b.id), cmp.Compare(a.name, b.name))
	})
	return list
}

// nameOf returns the name of a party; empty where it has none.
func nameOf(p db.RelatedParty) string {
	if p.Name == nil {
		return ""
	}
	return *p.Name
}

// record returns a usage record with the customer and the line that its parties name.
func (d decoder) record(usage *db.UsageRecord, parties []db.RelatedParty) *ingest.Record {
	r := &ingest.Record{Line: d.line(parties), Usage: usage}
	r.Customer, r.ContestedCustomers = customer(parties)
	if r.Line != nil {
		usage.LineText = cmp.Or(r.Line.PhoneNumber, r.Line.SimCardNumber)
	}
	usage.LastUpdate = lastUpdate(usage.Extension)
	return r
}

// lastUpdate returns when a document was changed last, which some resources of TMF say in lastUpdate; nil where it is not
// there, or is no time.
func lastUpdate(extension db.JSON) *db.Time {
	var said struct {
		LastUpdate *string `json:"lastUpdate"`
	}
	if extension == nil || json.Unmarshal(extension, &said) != nil || said.LastUpdate == nil {
		return nil
	}
	at, err := ingest.ReadInstant("lastUpdate", *said.LastUpdate)
	if err != nil {
		return nil
	}
	return &at.At
}

// customer returns the customer, which is the party of the lowest rank. Where that rank has several ids it returns them
// instead, in order; both are nil where no party is a customer.
func customer(parties []db.RelatedParty) (*ingest.Customer, []string) {
	list := ranked(parties, customerRanks)
	if p := loneParty(parties); p != nil && lineRanks[normalized(p.ReferredType)] == 0 {
		list = []party{{id: *p.ID, name: nameOf(*p)}}
	}
	list = slices.DeleteFunc(list, func(p party) bool { return db.NamesNothing(p.id) })
	if len(list) == 0 {
		return nil, nil
	}
	var ids []string
	for _, p := range list {
		if p.rank == list[0].rank {
			ids = append(ids, p.id)
		}
	}
	if ids = slices.Compact(ids); len(ids) > 1 {
		return nil, ids
	}
	c := &ingest.Customer{ID: ids[0]}
	for _, p := range list {
		if p.id == c.ID && p.name != "" {
			c.Name = &p.name
			break
		}
	}
	return c, nil
}

// loneParty returns the one party of a usage that has no role; nil where there are several, or where it has one.
func loneParty(parties []db.RelatedParty) *db.RelatedParty {
	if len(parties) == 1 && normalized(parties[0].Role) == "" && parties[0].ID != nil && *parties[0].ID != "" {
		return &parties[0]
	}
	return nil
}

// line returns the line that the parties name: the first number and the first own id, and the first card where there is
// no number. It is nil where they name none.
func (d decoder) line(parties []db.RelatedParty) *ingest.Line {
	list := ranked(parties, lineRanks)
	if p := loneParty(parties); p != nil {
		if rank := lineRanks[normalized(p.ReferredType)]; rank > 0 {
			list = []party{{id: *p.ID, rank: rank}}
		}
	}
	var line ingest.Line
	for i, p := range list {
		read := d.names.Read
		if p.rank == msisdnRank {
			read = d.names.ReadMSISDN
		}
		switch name, word := read(p.id); {
		case word == db.NumberWord && line.Number == "":
			line.Number, line.PhoneNumber = name, &list[i].id
		case word == db.CardWord && line.Card == "":
			line.Card, line.SimCardNumber = name, &list[i].id
		case word == db.OtherWord && line.OwnID == "" && p.rank != msisdnRank:
			line.OwnID = p.id
		}
	}
	if line.Number != "" {
		line.Card, line.SimCardNumber = "", nil
	}
	if line == (ingest.Line{}) {
		return nil
	}
	return &line
}
