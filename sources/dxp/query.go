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

// The types of identifiers, in the spelling of the page.
const (
	msisdn         = "MSISDN"
	subscriptionID = "SubscriptionId"
)

// maxIdentifier is the maximum length of an identifier in bytes. No imported one is longer.
const maxIdentifier = 500

// query holds the parsed parameters of a request: the type of an identifier, and the identifier.
type query struct {
	kind       string
	identifier string
	// name is the phone or SIM card number, ownID the id of dxp. An identifier that identifies no subscription has
	// neither.
	name  db.SubscriptionName
	ownID string
}

// parseQuery parses the query string of a request in a market, which gives the country code of national numbers. It
// returns a Problem for an invalid parameter and, with refuseUnknown, for an unknown one.
func parseQuery(r *http.Request, market string, refuseUnknown bool) (query, error) {
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return query{}, err
	}
	for _, name := range parameters.Names() {
		if refuseUnknown && name != identifierParameter && name != typeParameter {
			return query{}, rest.UnknownParameter(name)
		}
	}
	kind, err := required(parameters, typeParameter, "want MSISDN or SubscriptionId")
	if err != nil {
		return query{}, err
	}
	identifier, err := required(parameters, identifierParameter, "want a phone number or the id of a subscription")
	if err != nil {
		return query{}, err
	}
	switch {
	case strings.EqualFold(kind, msisdn):
		return byNumber(identifier, market)
	case strings.EqualFold(kind, subscriptionID):
		return byID(identifier)
	}
	return query{}, rest.Bad(typeParameter, "want MSISDN or SubscriptionId")
}

// required returns a required parameter. want describes its value in the Problem.
func required(parameters rest.Query, name, want string) (string, error) {
	text, _, err := parameters.One(name)
	if err == nil && text == "" {
		err = rest.Bad(name, "missing: "+want)
	}
	return text, err
}

// byNumber returns a query by phone number, which is parsed as in decode. A space at its beginning is an unescaped +.
func byNumber(number, market string) (query, error) {
	if digits, spaced := strings.CutPrefix(number, " "); spaced {
		number = "+" + digits
	}
	q := query{kind: msisdn, identifier: number}
	if len(number) <= maxIdentifier {
		q.name, _ = db.ReadMSISDN(db.DXP, number, regionOf(market))
	}
	if q.name == "" {
		return query{}, rest.Bad(identifierParameter, "want a phone number")
	}
	return q, nil
}

// byID returns a query by subscription id, which is parsed as in decode.
func byID(id string) (query, error) {
	if len(id) > maxIdentifier {
		return query{}, rest.Bad(identifierParameter, "want text of at most 500 bytes")
	}
	q := query{kind: subscriptionID, identifier: id}
	q.ownID, q.name = db.ReadOwnID(id)
	return q, nil
}
