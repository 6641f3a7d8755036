package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// Unmarshal decodes a JSON object into a struct with json tags. It returns a FieldError for a wrong type, a duplicate
// member, or text with a NUL character.
func Unmarshal(record jsontext.Value, into any) error {
	if record.Kind() != '{' {
		return Field("", "want an object, not "+kindName(record.Kind()))
	}
	err := json.Unmarshal(record, into)
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		return Field(fieldPath(semantic.JSONPointer), decodeReason(semantic))
	case errors.As(err, &syntactic):
		return Field(fieldPath(syntactic.JSONPointer), syntactic.Err.Error())
	case err != nil:
		return Field("", err.Error())
	}
	return checkNUL(record)
}

// decodeReason describes the value that a field must have.
func decodeReason(e *json.SemanticError) string {
	var stored *db.Error
	var field *FieldError
	switch {
	case errors.As(e.Err, &stored):
		return stored.Message
	case errors.As(e.Err, &field):
		return field.Error()
	case e.GoType == nil:
		return "cannot be read"
	}
	want := map[string]string{"string": "a string", "bool": "true or false", "int64": "a whole number of 64 bits",
		"int32": "a whole number of 32 bits", "struct": "an object", "slice": "an array", "map": "an object"}[e.GoType.Kind().String()]
	if want == "" {
		want = "a " + e.GoType.Kind().String()
	}
	return "want " + want + ", not " + kindName(e.JSONKind)
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "this number"
	case '[':
		return "an array"
	case '{':
		return "an object"
	}
	return "nothing"
}

// fieldPath formats a JSON pointer as a field path such as a.b[0].c.
func fieldPath(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		switch {
		case token != "" && strings.Trim(token, "0123456789") == "":
			fmt.Fprintf(&b, "[%s]", token)
		case b.Len() > 0:
			b.WriteString("." + abbreviate(token))
		default:
			b.WriteString(abbreviate(token))
		}
	}
	return b.String()
}

// checkNUL returns an error for text with a NUL character, which PostgreSQL cannot store.
func checkNUL(record jsontext.Value) error {
	if !bytes.Contains(record, []byte(`\u0000`)) {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(record))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return nil
		}
		if token.Kind() == '"' && strings.ContainsRune(token.String(), 0) {
			return Field(fieldPath(dec.StackPointer()), "text must not hold a NUL character")
		}
	}
}

// memberNames returns the names of an object's members, and an empty set for any other value.
func memberNames(record jsontext.Value) map[string]bool {
	names := map[string]bool{}
	dec := jsontext.NewDecoder(bytes.NewReader(record), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if token, err := dec.ReadToken(); err != nil || token.Kind() != '{' {
		return names
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return names
		}
		names[name.String()] = true
		if dec.SkipValue() != nil {
			return names
		}
	}
	return names
}
