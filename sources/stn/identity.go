package stn

import (
	"usagegraph/db"
	"usagegraph/ingest"
)

// subscription returns the subscription of a summary: its id in sTN, its phone number and its SIM card number. A phone
// or SIM card number in another field is used where its own field has none.
func (d decoder) subscription(s *db.UsageSummary) *ingest.Subscription {
	subscription := &ingest.Subscription{
		PhoneNumber:   nonEmpty(s.PhoneNumber),
		SimCardNumber: nonEmpty(s.SimCardNumber),
		ProviderGroup: s.ProviderGroup,
		IsGroupSim:    s.IsGroupSim,
	}
	if subscription.SimCardNumber != nil {
		if name, word := d.names.Read(*subscription.SimCardNumber); word == db.CardForm {
			subscription.Card = name
		}
	}
	if subscription.PhoneNumber != nil {
		switch name, word := d.names.Read(*subscription.PhoneNumber); word {
		case db.NumberForm:
			subscription.Number = name
		case db.CardForm:
			setCard(subscription, name, subscription.PhoneNumber)
			subscription.PhoneNumber = nil
		}
	}
	ownID, name := db.ReadOwnID(*s.SourceSubscriptionID)
	subscription.OwnID = ownID
	switch {
	case name == "":
	case name.Kind() == db.SIM:
		setCard(subscription, name, s.SourceSubscriptionID)
	case subscription.Number == "":
		subscription.Number = name
		if subscription.PhoneNumber == nil {
			subscription.PhoneNumber = s.SourceSubscriptionID
		}
	}
	return subscription
}

// setCard sets the SIM card number of a subscription unless it has one.
func setCard(subscription *ingest.Subscription, name db.SubscriptionName, text *string) {
	if subscription.Card == "" {
		subscription.Card, subscription.SimCardNumber = name, text
	}
}

// nonEmpty returns a text; nil for an empty one.
func nonEmpty(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}
