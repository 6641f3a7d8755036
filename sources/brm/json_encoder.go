package brm

import (
	"bytes"
	"io"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encoder encodes usages with the member names of one spelling.
type encoder struct {
	*jsontext.Encoder
	spelling spelling
	fields   selection
	// omitsNulls leaves out members without a value.
	omitsNulls bool
}

// newEncoder returns an encoder that writes the strings of stored JSON unchanged.
func newEncoder(out io.Writer, at route, fields selection) *encoder {
	return &encoder{jsontext.NewEncoder(out, jsontext.PreserveRawStrings(true)), at.spelling, fields, at.omitsNulls}
}

// writeUsage writes a usage, or its members that fields selects.
func (e *encoder) writeUsage(w *Usage) error {
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
		if e.omitsNulls && isEmpty(value) {
			continue
		}
		if err := e.WriteToken(jsontext.String(name)); err != nil {
			return err
		}
		if err := e.writeValue(value, name == "usageCharacteristic"); err != nil {
			return err
		}
	}
	if e.fields == nil {
		if err := e.copyMembers(w.Extra); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndObject)
}

// writeValue writes the value of a member; an empty list is null. With characteristics, members named value are written
// unchanged, because the value of a characteristic may be null.
func (e *encoder) writeValue(v any, characteristics bool) error {
	if stored, ok := v.(jsontext.Value); ok && e.omitsNulls {
		return e.copyWithoutNulls(jsontext.NewDecoder(bytes.NewReader(stored)), characteristics)
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
		if err := e.writePrice(p); err != nil {
			return err
		}
	}
	return e.WriteToken(jsontext.EndArray)
}

// isEmpty reports whether a value is written as null: a nil pointer, an empty list or empty JSON.
func isEmpty(v any) bool {
	of := reflect.ValueOf(v)
	return of.Kind() == reflect.Pointer && of.IsNil() || of.Kind() == reflect.Slice && of.Len() == 0
}

// writePrice writes an element of ratedProductUsage.
func (e *encoder) writePrice(w *RatedProductUsage) error {
	if err := e.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, m := range priceMembers {
		value := m.value(w)
		if e.omitsNulls && isEmpty(value) {
			continue
		}
		if err := e.WriteToken(jsontext.String(m.names[e.spelling])); err != nil {
			return err
		}
		if err := e.writeValue(value, false); err != nil {
			return err
		}
	}
	if err := e.copyMembers(w.Extra); err != nil {
		return err
	}
	return e.WriteToken(jsontext.EndObject)
}

// copyMembers writes the members of an object into the object being written.
func (e *encoder) copyMembers(object jsontext.Value) error {
	if object == nil {
		return nil
	}
	from := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := from.ReadToken(); err != nil {
		return err
	}
	return e.copyRemaining(from, false)
}

// copyRemaining copies the remaining members of the object that from is in.
func (e *encoder) copyRemaining(from *jsontext.Decoder, characteristics bool) error {
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
			err = e.copyWithoutNulls(from, characteristics)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyValue copies the next value of from.
func (e *encoder) copyValue(from *jsontext.Decoder) error {
	value, err := from.ReadValue()
	if err != nil {
		return err
	}
	return e.WriteValue(value)
}

// copyWithoutNulls copies the next value of from without null members and null elements.
func (e *encoder) copyWithoutNulls(from *jsontext.Decoder, characteristics bool) error {
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
		err = e.copyRemaining(from, characteristics)
	} else {
		err = e.copyElements(from, characteristics)
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

// copyElements copies the remaining elements of the array that from is in, without nulls.
func (e *encoder) copyElements(from *jsontext.Decoder, characteristics bool) error {
	for from.PeekKind() != ']' {
		if from.PeekKind() == 'n' {
			if err := from.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := e.copyWithoutNulls(from, characteristics); err != nil {
			return err
		}
	}
	return nil
}
