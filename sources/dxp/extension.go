package dxp

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// extension holds the parts of a report, bucket, balance or counter that have no column, in the order in which they are
// stored.
type extension struct {
	Type           *string        `json:"@type,omitzero"`
	RemainingValue jsontext.Value `json:"remainingValue,omitzero"`
	ValidFor       jsontext.Value `json:"validFor,omitzero"`
	Value          jsontext.Value `json:"value,omitzero"`
	Extra          jsontext.Value `json:",unknown"`
}

// encode returns the extension as stored JSON; nil where it is empty.
func (k extension) encode() db.JSON { return ingest.Stored(marshalPart(k)) }

// marshalPart encodes a part of a document; nil for an empty one.
func marshalPart(part any) jsontext.Value {
	text, err := json.Marshal(part, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("dxp: write an extension: %v", err)) // its parts were read from one valid object
	}
	if string(text) == "{}" {
		return nil
	}
	return text
}
