package brm

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// extension holds the parts of a usage, price or amount that have no column, in the order in which they are stored.
type extension struct {
	// Date and RatingDate are texts of times that ingest.FormatInstant does not reproduce.
	Date           *string        `json:"date,omitzero"`
	RatingDate     *string        `json:"ratingDate,omitzero"`
	BaseType       *string        `json:"@baseType,omitzero"`
	Type           *string        `json:"@type,omitzero"`
	SchemaLocation *string        `json:"@schemaLocation,omitzero"`
	Unit           *string        `json:"unit,omitzero"`
	Value          *ingest.Number `json:"value,omitzero"`
	TaxExcluded    jsontext.Value `json:"taxExcludedAmount,omitzero"`
	TaxIncluded    jsontext.Value `json:"taxIncludedAmount,omitzero"`
	Extra          jsontext.Value `json:",unknown"`
}

// value returns the extension as JSON; nil for an empty one.
func (k extension) value() jsontext.Value {
	text, err := json.Marshal(k, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("brm: write an extension: %v", err)) // its parts were read from one valid object
	}
	if string(text) == "{}" {
		return nil
	}
	return text
}

// encode returns the extension as stored JSON; nil for an empty one.
func (k extension) encode() db.JSON { return ingest.Stored(k.value()) }

// decodeExtension decodes a stored extension into a struct of the page's format, whose other members stay as they are.
func decodeExtension(stored db.JSON, w any) error {
	if stored == nil {
		return nil
	}
	if err := json.Unmarshal(stored, w); err != nil {
		return fmt.Errorf("brm: read an extension: %w", err)
	}
	return nil
}
