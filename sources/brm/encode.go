package brm

import (
	"bytes"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encoder writes usages in one spelling.
type encoder struct {
	*jsontext.Encoder
	spelling spelling
	fields   selection
	// omitsNulls leaves members without a value out.
	omitsNulls bool
}

// newEncoder returns an encoder that writes strings that are stored as JSON as they came.
func newEncoder(out io.Writer, at route, fields selection) *encoder {
	return &encoder{jsontext.NewEncoder(out, jsontext.PreserveRawStrings(true)), at.spelling, fields, at.omitsNulls}
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
		value := m.value(w)
		if e.omitsNulls && isNull(value) {
			continue
		}
		if err := e.WriteToken(jsontext.String(name)); err != nil {
			return err
		}
		if err := e.value(value, name == "usageCharacteristic"); err != nil {
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

// value writes a member's value; a list without elements is null. Of characteristics, the members named value are written as
// they came: a characteristic has one, which may be null.
func (e *encoder) value(v any, characteristics bool) error {
	if stored, ok := v.(jsontext.Value); ok && e.omitsNulls {
		return e.withoutNulls(jsontext.NewDecoder(bytes.NewReader(stored)), characteristics)
	}
	prices, ok := v.([]*RatedProductUsage)
	switch {
	case !ok:
		return json.MarshalEncode(e.Encoder, v, json.OmitZeroStructFields(e.omitsNulls))
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

// isNull tells whether a member's value is written as null: a nil pointer, or a list or JSON that is empty.
func isNull(v any) bool {
	of := reflect.ValueOf(v)
	return of.Kind() == reflect.Pointer && of.IsNil() || of.Kind() == reflect.Slice && of.Len() == 0
}

func (e *encoder) price(w *RatedProductUsage) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range priceMembers {
		value := m.value(w)
		if e.omitsNulls && isNull(value) {
			continue
		}
		if err := e.WriteToken(jsontext.String(m.names[e.spelling])); err != nil {
			return err
		}
		if err := e.value(value, false); err != nil {
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
	return e.rest(from, false)
}

// rest writes the members of the object that a decoder has begun to read.
func (e *encoder) rest(from *jsontext.Decoder, characteristics bool) error {
	for from.PeekKind() != '}' {
		name, err := from.ReadValue()
		if err != nil {
			return err
		}
		name = name.Clone()
		verbatim := !e.omitsNulls || characteristics && string(name) == `"value"`
		if !verbatim && from.PeekKind() == 'n' {
			if err := from.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := e.WriteValue(name); err != nil {
			return err
		}
		if verbatim {
			err = e.copyValue(from)
		} else {
			err = e.withoutNulls(from, characteristics)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) copyValue(from *jsontext.Decoder) error {
	value, err := from.ReadValue()
	if err != nil {
		return err
	}
	return e.WriteValue(value)
}

// withoutNulls writes the next value of a decoder without the members and elements in it that are null.
func (e *encoder) withoutNulls(from *jsontext.Decoder, characteristics bool) error {
	kind := from.PeekKind()
	if kind != '{' && kind != '[' {
		return e.copyValue(from)
	}
	begin, err := from.ReadToken()
	if err != nil {
		return err
	}
	if err := e.WriteToken(begin); err != nil {
		return err
	}
	if kind == '{' {
		err = e.rest(from, characteristics)
	} else {
		err = e.elements(from, characteristics)
	}
	if err != nil {
		return err
	}
	end, err := from.ReadToken()
	if err != nil {
		return err
	}
	return e.WriteToken(end)
}

// elements writes the elements of the array that a decoder has begun to read.
func (e *encoder) elements(from *jsontext.Decoder, characteristics bool) error {
	for from.PeekKind() != ']' {
		if from.PeekKind() == 'n' {
			if err := from.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := e.withoutNulls(from, characteristics); err != nil {
			return err
		}
	}
	return nil
}
