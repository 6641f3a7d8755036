package stn

import (
	"usagegraph/db"
	"usagegraph/ingest"
)

// subscription returns the line that a summary names: by its id in sTN, its phone number and its SIM card. A number or
// card that stands in another field than its own counts where that one has none.
func (d decoder) subscription(s *db.UsageSummary) *ingest.Line {
	line := &ingest.Line{
		PhoneNumber:   given(s.PhoneNumber),
		SimCardNumber: given(s.SimCardNumber),
		ProviderGroup: s.ProviderGroup,
		IsGroupSim:    s.IsGroupSim,
	}
	if line.SimCardNumber != nil {
		if name, word := d.names.Read(*line.SimCardNumber); word == db.CardWord {
			line.Card = name
		}
	}
	if line.PhoneNumber != nil {
		switch name, word := d.names.Read(*line.PhoneNumber); word {
		case db.NumberWord:
			line.Number = name
		case db.CardWord:
			takeCard(line, name, line.PhoneNumber)
			line.PhoneNumber = nil
		}
	}
	ownID, name := db.ReadOwnID(*s.SourceSubscriptionID)
	line.OwnID = ownID
	switch {
	case name == "":
	case name.Kind() == db.SIM:
		takeCard(line, name, s.SourceSubscriptionID)
	case line.Number == "":
		line.Number = name
		if line.PhoneNumber == nil {
			line.PhoneNumber = s.SourceSubscriptionID
		}
	}
	return line
}

// takeCard gives the line a card unless it has one.
func takeCard(line *ingest.Line, name db.LineName, text *string) {
	if line.Card == "" {
		line.Card, line.SimCardNumber = name, text
	}
}

// given returns a text; nil for an empty one.
func given(text *string) *string {
	if text == nil || *text == "" {
		return nil
	}
	return text
}
