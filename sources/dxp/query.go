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

// question is what a query string asks for: the report of what an identifier of a type names.
type question struct {
	kind       string
	identifier string
	// name is the number or card that the identifier is, ownID the own id; an id that names nothing has neither.
	name  db.LineName
	ownID string
}

// parseQuestion reads a query string of a market, which a number without a country code belongs to. It returns a Problem
// for a bad one and, where refuseUnknown, for an unknown parameter.
func parseQuestion(r *http.Request, market string, refuseUnknown bool) (question, error) {
	query, err := rest.ParseQuery(r)
	if err != nil {
		return question{}, err
	}
	for _, name := range query.Names() {
		if refuseUnknown && name != identifierParameter && name != typeParameter {
			return question{}, rest.UnknownParameter(name)
		}
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
		return byNumber(identifier, market)
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

// byNumber asks by a phone number, as decode reads it. The + before one, unless it is escaped, arrives as a space.
func byNumber(number, market string) (question, error) {
	if digits, spaced := strings.CutPrefix(number, " "); spaced {
		number = "+" + digits
	}
	q := question{kind: msisdn, identifier: number}
	if len(number) <= maxIdentifier {
		q.name, _ = db.ReadMSISDN(db.DXP, number, regionOf(market))
	}
	if q.name == "" {
		return question{}, rest.Bad(identifierParameter, "want a phone number")
	}
	return q, nil
}

// byID asks by the id of a subscription, as decode reads it.
func byID(id string) (question, error) {
	if len(id) > maxIdentifier {
		return question{}, rest.Bad(identifierParameter, "want text of at most 500 bytes")
	}
	q := question{kind: subscriptionID, identifier: id}
	q.ownID, q.name = db.ReadOwnID(id)
	return q, nil
}
