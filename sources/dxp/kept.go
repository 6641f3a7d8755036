package dxp

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// kept is an extension: what the model has no column for, in this order.
type kept struct {
	Type           *string        `json:"@type,omitzero"`
	RemainingValue jsontext.Value `json:"remainingValue,omitzero"`
	ValidFor       jsontext.Value `json:"validFor,omitzero"`
	Value          jsontext.Value `json:"value,omitzero"`
	Extra          jsontext.Value `json:",unknown"`
}

func (k kept) stored() db.JSON { return ingest.Stored(text(k)) }

// text writes a part of a record again; nil where nothing is left of it.
func text(part any) jsontext.Value {
	text, err := json.Marshal(part, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("dxp: write an extension: %v", err)) // its parts were read from one valid object
	}
	if string(text) == "{}" {
		return nil
	}
	return text
}
