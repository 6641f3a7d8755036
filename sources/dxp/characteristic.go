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

// characteristic is a name and a value, which dxp always writes as a string.
type characteristic struct {
	Value jsontext.Value `json:"value"`
	Name  string         `json:"name"`
}

// characteristics are read by name; of two of one name the first counts. Reading one that is not there, null or empty
// gives nil. The methods that parse set an error that is still nil, so that several can be read before it is looked at.
type characteristics []characteristic

// characteristicsOf reads an array of characteristics.
func characteristicsOf(v jsontext.Value) (characteristics, error) {
	list, err := objects[characteristic]("characteristic", v)
	return list, err
}

// objects reads an array of objects; null and nothing are none.
func objects[T any](field string, v jsontext.Value) ([]T, error) {
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

// find returns a value as text and the path of its field.
func (c characteristics) find(name string) (*string, string) {
	for i, each := range c {
		if each.Name != name {
			continue
		}
		text := string(each.Value)
		switch each.Value.Kind() {
		case 0, 'n':
			text = ""
		case '"':
			plain, _ := jsontext.AppendUnquote(nil, each.Value) // it was read from a valid record
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

// bound reads the start or end of a period.
func (c characteristics) bound(name string, times *clock, failed *error) *db.Time {
	text, field := c.find(name)
	at, err := times.bound(text)
	fail(failed, field, err)
	return at
}

// days reads a whole number of days.
func (c characteristics) days(name string, failed *error) *int32 {
	text, field := c.find(name)
	if text == nil {
		return nil
	}
	n, err := strconv.ParseInt(*text, 10, 32)
	if err != nil {
		fail(failed, field, ingest.Field("", "want a whole number of days"))
		return nil
	}
	days := int32(n)
	return &days
}

// flag reads true or false.
func (c characteristics) flag(name string, failed *error) *bool {
	text, field := c.find(name)
	if text == nil {
		return nil
	}
	yes := *text == "true"
	if !yes && *text != "false" {
		fail(failed, field, ingest.Field("", "want true or false"))
		return nil
	}
	return &yes
}

// amount reads an amount, of messages or of something else, and whether it stands for no limit.
func (c characteristics) amount(name string, messages bool, failed *error) (*decimal.Decimal, bool) {
	text, field := c.find(name)
	if text == nil {
		return nil, false
	}
	amount, unlimited, err := amountOf(*text, messages)
	fail(failed, field, err)
	return amount, unlimited
}

// fail sets an error that is still nil.
func fail(failed *error, field string, err error) {
	if *failed == nil && err != nil {
		*failed = ingest.Within(field, err)
	}
}
