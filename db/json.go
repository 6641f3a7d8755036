package db

import (
	"bytes"
	"database/sql/driver"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"
)

// JSON is a stored JSON text with its original spelling and member order; nil is SQL NULL.
type JSON []byte

// Value returns the text for storage.
func (j JSON) Value() (driver.Value, error) {
	if j == nil {
		return nil, nil
	}
	return string(j), nil
}

// Scan reads a stored text.
func (j *JSON) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*j = nil
	case string:
		*j = JSON(v)
	case []byte:
		*j = bytes.Clone(v)
	default:
		return fmt.Errorf("scan %T as JSON", src)
	}
	return nil
}

// into decodes the text; nil leaves v unchanged. It is valid JSON: imports check that.
func (j JSON) into(v any) error {
	if j == nil {
		return nil
	}
	return json.Unmarshal(j, v)
}

// Characteristic is a name with a value. A value that is not a JSON string is JSON text.
type Characteristic struct {
	Name  string
	Value *string
}

// members returns the members of a JSON object in order.
func (j JSON) members() ([]Characteristic, error) {
	list := []Characteristic{}
	if j == nil {
		return list, nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(j))
	if _, err := dec.ReadToken(); err != nil {
		return nil, err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		c := Characteristic{Name: name.String()}
		value, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		c.Value = textOf(value)
		list = append(list, c)
	}
	return list, nil
}

// membersExcept returns the members of a JSON object in order, without those with the names.
func (j JSON) membersExcept(names ...string) ([]Characteristic, error) {
	list, err := j.members()
	return slices.DeleteFunc(list, func(c Characteristic) bool { return slices.Contains(names, c.Name) }), err
}

// characteristics returns the name and value of each object of a JSON array in order.
func (j JSON) characteristics() ([]Characteristic, error) {
	var elements []struct {
		Name  string         `json:"name"`
		Value jsontext.Value `json:"value"`
	}
	if err := j.into(&elements); err != nil {
		return nil, err
	}
	list := make([]Characteristic, len(elements))
	for i, w := range elements {
		list[i] = Characteristic{w.Name, textOf(w.Value)}
	}
	return list, nil
}

func textOf(v jsontext.Value) *string {
	if v == nil || v.Kind() == 'n' {
		return nil
	}
	text := string(v)
	if v.Kind() == '"' {
		if plain, err := jsontext.AppendUnquote(nil, v); err == nil || err == io.EOF {
			text = string(plain)
		}
	}
	return &text
}

// number decodes a JSON number exactly.
type number decimal.Decimal

// UnmarshalJSON decodes a number literal. It returns a BadInput error if the decimal would have to be rounded.
func (n *number) UnmarshalJSON(text []byte) error {
	d, err := ParseDecimal(string(text))
	*n = number(d)
	return err
}
