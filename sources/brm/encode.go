package brm

import (
	"bytes"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encoder writes usages in one spelling.
type encoder struct {
	*jsontext.Encoder
	spelling spelling
	fields   selection
}

// newEncoder returns an encoder that writes strings that are stored as JSON as they came.
func newEncoder(out io.Writer, s spelling, fields selection) *encoder {
	return &encoder{jsontext.NewEncoder(out, jsontext.PreserveRawStrings(true)), s, fields}
}

func (e *encoder) usage(w *Usage) error {
	if e.spelling == schemaSpelling && w.Status != nil {
		*w.Status = strings.ToLower(*w.Status)
	}
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i, m := range usageMembers {
		name := m.names[e.spelling]
		if e.fields != nil && !e.fields[i] || e.spelling == sampleSpelling && name == "description" && w.Description == nil {
			continue
		}
		if err := e.WriteToken(jsontext.String(name)); err != nil {
			return err
		}
		if err := e.value(m.value(w)); err != nil {
			return err
		}
	}
	if e.fields == nil {
		if err := e.members(w.Extra); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

// value writes a member's value; a list without elements is null.
func (e *encoder) value(v any) error {
	prices, ok := v.([]*RatedProductUsage)
	switch {
	case !ok:
		return json.MarshalEncode(e.Encoder, v)
	case len(prices) == 0:
		return e.WriteToken(jsontext.Null)
	}
	if err := e.WriteToken(jsontext.BeginArray); err != nil {
		return err
	}
	for _, p := range prices {
		if err := e.price(p); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndArray)
}

func (e *encoder) price(w *RatedProductUsage) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range priceMembers {
		if err := e.WriteToken(jsontext.String(m.names[e.spelling])); err != nil {
			return err
		}
		if err := json.MarshalEncode(e.Encoder, m.value(w)); err != nil {
			return err
		}
	}
	if err := e.members(w.Extra); err != nil {
		return err
	}
	return e.WriteToken(jsontext.EndObject)
}

// members writes the members of an object into the one that is open.
func (e *encoder) members(object jsontext.Value) error {
	if object == nil {
		return nil
	}
	from := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := from.ReadToken(); err != nil {
		return err
	}
	for from.PeekKind() != '}' {
		member, err := from.ReadValue()
		if err != nil {
			return err
		}
		if err := e.WriteValue(member); err != nil {
			return err
		}
	}
	return nil
}
