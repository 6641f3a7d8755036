package brm

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// characteristic is what the model reads of an element of usageCharacteristic.
type characteristic struct {
	Name  *string        `json:"name"`
	Value jsontext.Value `json:"value"`
}

// object returns an object as it came, after checking that it can be read back as a T.
func object[T any](field string, v jsontext.Value) (db.JSON, error) {
	if k := v.Kind(); k == 0 || k == 'n' {
		return nil, nil
	}
	if err := ingest.Unmarshal(v, new(T)); err != nil {
		return nil, ingest.Within(field, err)
	}
	return ingest.Stored(v), nil
}

// objects returns an array of objects as it came, and what can be read of them; an empty one is nil.
func objects[T any](field string, v jsontext.Value) (db.JSON, []T, error) {
	if k := v.Kind(); k == 0 || k == 'n' {
		return nil, nil, nil
	}
	var elements []jsontext.Value
	if err := json.Unmarshal(v, &elements); err != nil {
		return nil, nil, ingest.Field(field, "want an array")
	}
	if len(elements) == 0 {
		return nil, nil, nil
	}
	list := make([]T, len(elements))
	for i, element := range elements {
		if err := ingest.Unmarshal(element, &list[i]); err != nil {
			return nil, nil, ingest.Within(fmt.Sprintf("%s[%d]", field, i), err)
		}
	}
	return ingest.Stored(v), list, nil
}

// kept is an extension: what the model has no column for, in this order.
type kept struct {
	// Date and RatingDate are texts of times that ingest.FormatInstant does not give back.
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

// text returns nil where there is nothing to keep.
func (k kept) text() jsontext.Value {
	text, err := json.Marshal(k, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("brm: write an extension: %v", err)) // its parts were read from one valid object
	}
	if string(text) == "{}" {
		return nil
	}
	return text
}

func (k kept) stored() db.JSON { return ingest.Stored(k.text()) }

// currency returns the ISO 4217 code of an amount's unit; empty where it has none, or another unit.
func (m *Money) currency() string {
	if m == nil || m.Unit == nil {
		return ""
	}
	return db.CurrencyCode(*m.Unit)
}

// Decimal returns the amount of money; nil where there is none, or where its unit is no currency.
func (m *Money) Decimal() *decimal.Decimal {
	if m == nil || m.Unit != nil && m.currency() == "" {
		return nil
	}
	return m.Value.Decimal()
}

// rest returns what the model does not hold of an amount of a price: all but its value and its unit, and these two where
// the unit is not the price's currency as it is stored.
func (m *Money) rest(currency *string) jsontext.Value {
	if m == nil {
		return nil
	}
	k := kept{BaseType: m.BaseType, Type: m.Type, SchemaLocation: m.SchemaLocation, Extra: m.Extra}
	if same := m.Unit == currency || m.Unit != nil && currency != nil && *m.Unit == *currency; m.Value == nil || !same {
		k.Unit, k.Value = m.Unit, m.Value
	}
	return k.text()
}
