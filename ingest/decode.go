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

// Unmarshal reads a record into a struct of json tags. Its errors are FieldErrors: a wrong type, a duplicate member,
// text with a NUL character.
func Unmarshal(record jsontext.Value, into any) error {
	if record.Kind() != '{' {
		return Field("", "want an object, not "+kindName(record.Kind()))
	}
	err := json.Unmarshal(record, into)
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &semantic):
		return Field(path(semantic.JSONPointer), reason(semantic))
	case errors.As(err, &syntactic):
		return Field(path(syntactic.JSONPointer), syntactic.Err.Error())
	case err != nil:
		return Field("", err.Error())
	}
	return checkNUL(record)
}

// reason says what a field should have been.
func reason(e *json.SemanticError) string {
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

// path writes a JSON pointer as people write fields: a.b[0].c.
func path(p jsontext.Pointer) string {
	var b strings.Builder
	for token := range p.Tokens() {
		switch {
		case token != "" && strings.Trim(token, "0123456789") == "":
			fmt.Fprintf(&b, "[%s]", token)
		case b.Len() > 0:
			b.WriteString("." + short(token))
		default:
			b.WriteString(short(token))
		}
	}
	return b.String()
}

// checkNUL finds text that PostgreSQL cannot hold.
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
			return Field(path(dec.StackPointer()), "text must not hold a NUL character")
		}
	}
}

// memberNames returns the names of an object's members; of anything else there are none.
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
