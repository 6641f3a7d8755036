package dxp

import (
	"net/http"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// The page's two query parameters.
const (
	identifierParameter = "product.publicIdentifier"
	typeParameter       = "product.publicIdentifierType"
)

// The types of identifiers, as the page spells them.
const (
	msisdn         = "MSISDN"
	subscriptionID = "SubscriptionId"
)

// maxIdentifier is how long an identifier may be, in bytes; a longer one is never imported.
const maxIdentifier = 500

// question is what a query string asks for: the line that an identifier of a type names.
type question struct {
	kind       string
	identifier string
}

// parseQuestion reads a query string. It returns a Problem for a bad one.
func parseQuestion(r *http.Request) (question, error) {
	query, err := rest.ParseQuery(r)
	if err != nil {
		return question{}, err
	}
	kind, err := required(query, typeParameter, "want MSISDN or SubscriptionId")
	if err != nil {
		return question{}, err
	}
	identifier, err := required(query, identifierParameter, "want a phone number or the id of a subscription")
	if err != nil {
		return question{}, err
	}
	switch {
	case strings.EqualFold(kind, msisdn):
		return byNumber(identifier)
	case strings.EqualFold(kind, subscriptionID):
		return byID(identifier)
	}
	return question{}, rest.Bad(typeParameter, "want MSISDN or SubscriptionId")
}

// required returns a parameter that must be given, once.
func required(query rest.Query, name, want string) (string, error) {
	text, _, err := query.One(name)
	if err == nil && text == "" {
		err = rest.Bad(name, "missing: "+want)
	}
	return text, err
}

// byNumber asks by a phone number. The + before one, unless it is escaped, arrives as a space.
func byNumber(number string) (question, error) {
	if digits, spaced := strings.CutPrefix(number, " "); spaced {
		number = "+" + digits
	}
	if len(number) > maxIdentifier || db.PhoneDigits(number) == "" {
		return question{}, rest.Bad(identifierParameter, "want a full phone number of 3 to 15 digits")
	}
	return question{msisdn, number}, nil
}

func byID(id string) (question, error) {
	if len(id) > maxIdentifier {
		return question{}, rest.Bad(identifierParameter, "want text of at most 500 bytes")
	}
	return question{subscriptionID, id}, nil
}

// by is the question as db looks lines up.
func (q question) by() db.SubscriptionBy {
	if q.kind == msisdn {
		return db.SubscriptionBy{PhoneNumber: &q.identifier}
	}
	return db.SubscriptionBy{SourceID: &db.SourceID{Source: db.DXP, Value: q.identifier}}
}
