package brm

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// characteristic holds the members of an element of usageCharacteristic that the schema exposes.
type characteristic struct {
	Name  *string        `json:"name"`
	Value jsontext.Value `json:"value"`
}

// object returns a JSON object to store, after checking that it can be decoded as a T. It returns nil for null.
func object[T any](field string, v jsontext.Value) (db.JSON, error) {
	if k := v.Kind(); k == 0 || k == 'n' {
		return nil, nil
	}
	if err := ingest.Unmarshal(v, new(T)); err != nil {
		return nil, ingest.Within(field, err)
	}
	return ingest.Stored(v), nil
}

// objects returns a JSON array of objects to store, and its elements decoded as T. It returns nil for null and for an
// empty array.
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
