package dxp

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// characteristic is a name and a value. dxp writes all values as strings.
type characteristic struct {
	Value jsontext.Value `json:"value"`
	Name  string         `json:"name"`
}

// characteristics holds the characteristics of an object. Its methods look one up by name, the first of several with
// the same name, and return nil for one that is missing, null or empty. The methods that parse set *failed on the first
// error, so that a caller can check once after several calls.
type characteristics []characteristic

// parseCharacteristics parses an array of characteristics.
func parseCharacteristics(v jsontext.Value) (characteristics, error) {
	list, err := parseObjects[characteristic]("characteristic", v)
	return list, err
}

// parseObjects parses an array of objects; nil for null and for a missing one. Its errors name the field and the index.
func parseObjects[T any](field string, v jsontext.Value) ([]T, error) {
	if k := v.Kind(); k == 0 || k == 'n' {
		return nil, nil
	}
	var elements []jsontext.Value
	if err := json.Unmarshal(v, &elements); err != nil {
		return nil, ingest.Field(field, "want an array")
	}
	list := make([]T, len(elements))
	for i, element := range elements {
		if err := ingest.Unmarshal(element, &list[i]); err != nil {
			return nil, ingest.Within(fmt.Sprintf("%s[%d]", field, i), err)
		}
	}
	return list, nil
}

// find returns a value as text, and the path of its field for errors.
func (c characteristics) find(name string) (*string, string) {
	for i, one := range c {
		if one.Name != name {
			continue
		}
		text := string(one.Value)
		switch one.Value.Kind() {
		case 0, 'n':
			text = ""
		case '"':
			plain, _ := jsontext.AppendUnquote(nil, one.Value) // valid JSON, since it was decoded
			text = string(plain)
		}
		if text == "" {
			return nil, ""
		}
		return &text, fmt.Sprintf("characteristic[%d].value", i)
	}
	return nil, ""
}

func (c characteristics) text(name string) *string {
	text, _ := c.find(name)
	return text
}

// bound parses the start or end of a period.
func (c characteristics) bound(name string, times *reportDecoder, failed *error) *db.Time {
	text, field := c.find(name)
	at, err := times.bound(text)
	setError(failed, field, err)
	return at
}

// days parses a whole number of days.
func (c characteristics) days(name string, failed *error) *int32 {
	text, field := c.find(name)
	if text == nil {
		return nil
	}
	n, err := strconv.ParseInt(*text, 10, 32)
	if err != nil {
		setError(failed, field, ingest.Field("", "want a whole number of days"))
		return nil
	}
	days := int32(n)
	return &days
}

// flag parses true or false.
func (c characteristics) flag(name string, failed *error) *bool {
	text, field := c.find(name)
	if text == nil {
		return nil
	}
	yes := *text == "true"
	if !yes && *text != "false" {
		setError(failed, field, ingest.Field("", "want true or false"))
		return nil
	}
	return &yes
}

// amount parses an amount, as parseAmount does, and reports whether it is unlimited.
func (c characteristics) amount(name string, messages bool, failed *error) (*decimal.Decimal, bool) {
	text, field := c.find(name)
	if text == nil {
		return nil, false
	}
	amount, unlimited, err := parseAmount(*text, messages)
	setError(failed, field, err)
	return amount, unlimited
}

// setError sets *failed to err, within the field, unless an error is set already.
func setError(failed *error, field string, err error) {
	if *failed == nil && err != nil {
		*failed = ingest.Within(field, err)
	}
}
