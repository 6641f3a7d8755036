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

// Ranks of the normalized roles of related parties. The lowest rank has priority.
var (
	customerRanks     = map[string]int{"customer": 1, "account": 2, "billingaccount": 2, "accountholder": 2, "payer": 3, "owner": 4}
	subscriptionRanks = map[string]int{"msisdn": 1, "subscriber": 2, "line": 3, "user": 4, "service": 5, "subscription": 6}
)

const msisdnRank = 1

// party is a related party with an id, and the rank of its role.
type party struct {
	id, name string
	rank     int
}

// normalize returns a role or referred type in lower case without spaces, hyphens and underscores; empty for nil.
func normalize(word *string) string {
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

// rankedParties returns the parties with an id and one of the roles, sorted by rank, id and name.
func rankedParties(parties []db.RelatedParty, ranks map[string]int) []party {
	var list []party
	for _, p := range parties {
		if rank := ranks[normalize(p.Role)]; rank > 0 && p.ID != nil && *p.ID != "" {
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

// record returns a usage record with the customer and subscription of its parties.
func (d decoder) record(usage *db.UsageRecord, parties []db.RelatedParty) *ingest.Record {
	r := &ingest.Record{Subscription: d.subscription(parties), Usage: usage}
	r.Customer, r.ContestedCustomers = customer(parties)
	if r.Subscription != nil {
		usage.SubscriptionText = cmp.Or(r.Subscription.PhoneNumber, r.Subscription.SimCardNumber)
	}
	usage.LastUpdate = parseLastUpdate(usage.Extension)
	return r
}

// parseLastUpdate returns the time of the last change of a document, which some TMF resources have as lastUpdate; nil
// where it is missing or invalid.
func parseLastUpdate(extension db.JSON) *db.Time {
	var members struct {
		LastUpdate *string `json:"lastUpdate"`
	}
	if extension == nil || json.Unmarshal(extension, &members) != nil || members.LastUpdate == nil {
		return nil
	}
	at, err := ingest.ReadInstant("lastUpdate", *members.LastUpdate)
	if err != nil {
		return nil
	}
	return &at.At
}

// customer returns the customer: the party of the lowest rank. Where that rank has several ids it returns these,
// sorted, instead. Both are nil where no party is a customer.
func customer(parties []db.RelatedParty) (*ingest.Customer, []string) {
	list := rankedParties(parties, customerRanks)
	if p := onlyPartyWithoutRole(parties); p != nil && subscriptionRanks[normalize(p.ReferredType)] == 0 {
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

// onlyPartyWithoutRole returns the party of a usage that has a single party without a role; otherwise nil.
func onlyPartyWithoutRole(parties []db.RelatedParty) *db.RelatedParty {
	if len(parties) == 1 && normalize(parties[0].Role) == "" && parties[0].ID != nil && *parties[0].ID != "" {
		return &parties[0]
	}
	return nil
}

// subscription returns the subscription that the parties identify: by the first phone number and the first id of BRM,
// and by the first SIM card number where there is no phone number. It returns nil where they identify none.
func (d decoder) subscription(parties []db.RelatedParty) *ingest.Subscription {
	list := rankedParties(parties, subscriptionRanks)
	if p := onlyPartyWithoutRole(parties); p != nil {
		if rank := subscriptionRanks[normalize(p.ReferredType)]; rank > 0 {
			list = []party{{id: *p.ID, rank: rank}}
		}
	}
	var subscription ingest.Subscription
	for i, p := range list {
		read := d.names.Read
		if p.rank == msisdnRank {
			read = d.names.ReadMSISDN
		}
		switch name, word := read(p.id); {
		case word == db.NumberForm && subscription.Number == "":
			subscription.Number, subscription.PhoneNumber = name, &list[i].id
		case word == db.CardForm && subscription.Card == "":
			subscription.Card, subscription.SimCardNumber = name, &list[i].id
		case word == db.OtherForm && subscription.OwnID == "" && p.rank != msisdnRank:
			subscription.OwnID = p.id
		}
	}
	if subscription.Number != "" {
		subscription.Card, subscription.SimCardNumber = "", nil
	}
	if subscription == (ingest.Subscription{}) {
		return nil
	}
	return &subscription
}
