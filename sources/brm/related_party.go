package brm

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// partyMember is the member of a related party that holds the party since TMF635 version 5.
const partyMember = "partyOrPartyRole"

// relatedParty is an element of relatedParty. ID, Href, Name and ReferredType are the members of version 4.
type relatedParty struct {
	ID           jsontext.Value `json:"id,omitzero"`
	Href         jsontext.Value `json:"href,omitzero"`
	Name         jsontext.Value `json:"name,omitzero"`
	ReferredType jsontext.Value `json:"@referredType,omitzero"`
	Inner        jsontext.Value `json:"partyOrPartyRole,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// innerParty is the reference to a party or party role inside a related party of version 5.
type innerParty struct {
	ID           jsontext.Value `json:"id"`
	Href         jsontext.Value `json:"href"`
	Name         jsontext.Value `json:"name"`
	ReferredType jsontext.Value `json:"@referredType"`
	// PartyID and PartyName belong to the party that has the role.
	PartyID   jsontext.Value `json:"partyId"`
	PartyName jsontext.Value `json:"partyName"`
}

// parseParties returns the related parties as stored JSON in the format of version 4, and decoded.
func parseParties(list jsontext.Value) (db.JSON, []db.RelatedParty, error) {
	list, err := toVersion4(list)
	if err != nil {
		return nil, nil, err
	}
	return objects[db.RelatedParty]("relatedParty", list)
}

// toVersion4 returns relatedParty with the references to parties of version 5 copied to the members of version 4. It
// returns an error where a party has different ids in the two places. A value that is not a list of objects is returned
// unchanged.
func toVersion4(list jsontext.Value) (jsontext.Value, error) {
	if !bytes.Contains(list, []byte(partyMember)) {
		return list, nil
	}
	var elements []jsontext.Value
	if json.Unmarshal(list, &elements) != nil {
		return list, nil
	}
	for i, element := range elements {
		if element.Kind() != '{' {
			continue
		}
		converted, err := partyToVersion4(element)
		if err != nil {
			return nil, ingest.Within(fmt.Sprintf("relatedParty[%d]", i), err)
		}
		elements[i] = converted
	}
	return json.Marshal(elements, jsontext.PreserveRawStrings(true))
}

// partyToVersion4 converts one related party. Its errors name fields of the party.
func partyToVersion4(element jsontext.Value) (jsontext.Value, error) {
	var party relatedParty
	if err := ingest.Unmarshal(element, &party); err != nil {
		return nil, err
	}
	if absent(party.Inner) {
		return element, nil
	}
	var inner innerParty
	if err := ingest.Unmarshal(party.Inner, &inner); err != nil {
		return nil, ingest.Within(partyMember, err)
	}
	if absent(inner.ID) {
		inner.ID = inner.PartyID
	}
	if absent(inner.Name) {
		inner.Name = inner.PartyName
	}
	for _, m := range []struct {
		outer *jsontext.Value
		inner jsontext.Value
	}{{&party.ID, inner.ID}, {&party.Href, inner.Href}, {&party.Name, inner.Name}, {&party.ReferredType, inner.ReferredType}} {
		if absent(*m.outer) && !absent(m.inner) {
			*m.outer = m.inner
		}
	}
	if !absent(inner.ID) && !bytes.Equal(party.ID, inner.ID) {
		return nil, ingest.Field(partyMember+".id", "differs from id")
	}
	return json.Marshal(party, jsontext.PreserveRawStrings(true))
}

// absent reports whether a member is missing or null.
func absent(v jsontext.Value) bool { return v.Kind() == 0 || v.Kind() == 'n' }
