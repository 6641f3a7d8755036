package graphqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
)

// errNotJSON is the error of what is no JSON, or says more than one thing.
var errNotJSON = db.Errorf(db.BadInput, "want one JSON value in UTF-8 (RFC 8259), with no name twice in an object and nothing after it")

// jsonReader reads JSON that a client wrote. Numbers stay as they were written.
type jsonReader struct {
	decoder *jsontext.Decoder
	limits  Limits
	// values is how many were read, without the first texts in lists, of which ids is how many.
	values, ids int
}

// readJSON reads a text that is one value, whose lists and objects nest no deeper than that; all values together may be
// as many as a document has tokens, for they say as much. Texts in lists may be ids: as many of them as a list of ids has
// are not counted, and whether a long list is one of ids shows with the document (Limits.lists). Its errors are errNotJSON, a BadInput for text with NUL
// characters, and those of limits; none repeats the text.
func readJSON(text []byte, nesting int, limits Limits) (any, error) {
	r := jsonReader{decoder: jsontext.NewDecoder(bytes.NewBuffer(text)), limits: limits}
	value, err := r.value(nesting)
	if err != nil {
		return nil, err
	}
	if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, errNotJSON
	}
	return value, nil
}

func (r *jsonReader) value(nesting int) (any, error) {
	token, err := r.decoder.ReadToken()
	if err != nil {
		return nil, errNotJSON
	}
	if r.values++; r.values > r.limits.MaxTokens {
		return nil, exceeded("tokens", "variables have at most %d values", r.limits.MaxTokens)
	}
	switch token.Kind() {
	case '{':
		return r.object(nesting - 1)
	case '[':
		return r.list(nesting - 1)
	case '"':
		return text(token.String())
	case '0':
		return json.Number(token.String()), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil // null
}

func text(s string) (string, error) {
	if strings.ContainsRune(s, 0) {
		return "", errNUL
	}
	return s, nil
}

// errNUL is what both databases would say in their own words.
var errNUL = db.Errorf(db.BadInput, "text must be UTF-8 without NUL characters")

func (r *jsonReader) object(nesting int) (map[string]any, error) {
	if nesting < 0 {
		return nil, r.limits.tooNested()
	}
	object := map[string]any{}
	for r.decoder.PeekKind() != '}' {
		token, err := r.decoder.ReadToken()
		if err != nil {
			return nil, errNotJSON
		}
		name, err := text(token.String())
		if err != nil {
			return nil, err
		}
		if len(object) == r.limits.MaxList {
			return nil, r.limits.tooMany(r.limits.MaxList)
		}
		if object[name], err = r.value(nesting); err != nil {
			return nil, err
		}
	}
	return object, r.end()
}

func (r *jsonReader) list(nesting int) ([]any, error) {
	if nesting < 0 {
		return nil, r.limits.tooNested()
	}
	list := []any{}
	for kind := r.decoder.PeekKind(); kind != ']'; kind = r.decoder.PeekKind() {
		most := r.limits.MaxList
		if kind == '"' {
			most = r.limits.maxIDs()
			if r.ids < most {
				r.ids++
				r.values--
			}
		}
		element, err := r.value(nesting)
		if err != nil {
			return nil, err
		}
		if len(list) >= most {
			return nil, r.limits.tooMany(most)
		}
		list = append(list, element)
	}
	return list, r.end()
}

// end reads what closes a list or object.
func (r *jsonReader) end() error {
	if _, err := r.decoder.ReadToken(); err != nil {
		return errNotJSON
	}
	return nil
}

func (l Limits) tooNested() error {
	return exceeded("nesting", "lists and objects nest at most %d deep", l.MaxNesting)
}

func (Limits) tooMany(most int) error {
	return exceeded("list", "a list or object has at most %d elements", most)
}
