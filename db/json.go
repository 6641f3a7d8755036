package db

import (
	"bytes"
	"database/sql/driver"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/govalues/decimal"
)

// JSON is a stored JSON text, as it came and in its order; nil is null.
type JSON []byte

// Value stores the text.
func (j JSON) Value() (driver.Value, error) {
	if j == nil {
		return nil, nil
	}
	return string(j), nil
}

// Scan reads what Value stored.
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

// into decodes the text; null leaves v as it is. The text was checked when it was imported.
func (j JSON) into(v any) error {
	if j == nil {
		return nil
	}
	return json.Unmarshal(j, v)
}

// Characteristic is a name and its value; a value that is no string is JSON text.
type Characteristic struct {
	Name  string
	Value *string
}

// members returns the members of an object, in order.
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

// characteristics returns the name and value of each element of an array of objects, in order.
func (j JSON) characteristics() ([]Characteristic, error) {
	var wire []struct {
		Name  string         `json:"name"`
		Value jsontext.Value `json:"value"`
	}
	if err := j.into(&wire); err != nil {
		return nil, err
	}
	list := make([]Characteristic, len(wire))
	for i, w := range wire {
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

// number is a JSON number, read exactly.
type number decimal.Decimal

// UnmarshalJSON reads a number literal. It returns a BadInput error for one that would have to be rounded.
func (n *number) UnmarshalJSON(text []byte) error {
	d, err := ParseDecimal(string(text))
	*n = number(d)
	return err
}
