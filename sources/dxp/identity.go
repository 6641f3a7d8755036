package dxp

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// record returns a report with its id, and the subscription of its identifier.
func (d decoder) record(report *db.ConsumptionReport, kind, identifier string) *ingest.Record {
	subscription := d.subscription(kind, identifier)
	report.SourceID = sourceID(kind, identifier, subscription, report.EffectiveAt)
	report.SubscriptionText = &identifier
	report.BusinessID = &d.BusinessID
	return &ingest.Record{Subscription: subscription, Report: report}
}

// descriptionPattern matches the description of a report: the type of the identifier and the identifier.
var descriptionPattern = regexp.MustCompile(`(?i)^usage consumption report for (msisdn|subscriptionid) +(\S(?:.*\S)?)\s*$`)

// parseDescription returns the type of the identifier in a description, MSISDN or SubscriptionId, and the identifier.
func parseDescription(description *string) (kind, identifier string, err error) {
	if description == nil {
		return "", "", ingest.Field("description", "missing")
	}
	parts := descriptionPattern.FindStringSubmatch(*description)
	if parts == nil {
		return "", "", ingest.Field("description", "want Usage Consumption Report for MSISDN or SubscriptionId, and the identifier")
	}
	return parts[1], parts[2], nil
}

// subscription returns the subscription of an identifier. An MSISDN is a phone number with or without its country code.
// A SubscriptionId is an id of dxp, except a phone or SIM card number that db.ReadOwnID recognises.
func (d decoder) subscription(kind, identifier string) *ingest.Subscription {
	subscription := &ingest.Subscription{BusinessID: &d.BusinessID}
	var name db.SubscriptionName
	if strings.EqualFold(kind, msisdn) {
		name, _ = d.names.ReadMSISDN(identifier)
		subscription.PhoneNumber = &identifier
	} else if subscription.OwnID, name = db.ReadOwnID(identifier); name != "" {
		subscription.PhoneNumber = &identifier
	}
	switch {
	case name == "":
	case name.Kind() == db.SIM:
		subscription.Card, subscription.SimCardNumber, subscription.PhoneNumber = name, &identifier, nil
	default:
		subscription.Number = name
	}
	return subscription
}

// sourceID returns the id of a report: the type of its identifier, the identifier and its time. An MSISDN that is a
// possible phone or SIM card number is written as digits, so that a report has one id for all spellings.
func sourceID(kind, identifier string, subscription *ingest.Subscription, at db.Time) string {
	kind = strings.ToUpper(kind)
	if name := cmp.Or(subscription.Number, subscription.Card); kind == msisdn && name != "" && name.Source() == "" {
		identifier = name.Value()
	}
	return kind + ":" + identifier + "@" + at.Format(time.RFC3339Nano)
}

// regionOf returns the region of the national numbers in a market; empty for a market without a numbering plan.
func regionOf(market string) string {
	if db.CheckRegion(market) != nil {
		return ""
	}
	return market
}
