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

// errNotJSON is the error of a text that is not one JSON value.
var errNotJSON = db.Errorf(db.BadInput, "want one JSON value in UTF-8 (RFC 8259), without duplicate names and without text after it")

// errNUL is the error of a text with NUL characters or invalid UTF-8, which neither database can store.
var errNUL = db.Errorf(db.BadInput, "text must be UTF-8 without NUL characters")

// jsonReader decodes a JSON value from a client within the limits.
type jsonReader struct {
	decoder *jsontext.Decoder
	limits  Limits
	// values counts the values against MaxTokens; ids counts the strings in lists that values leaves out.
	values, ids int
}

// readJSON decodes one JSON value. Numbers are returned as json.Number. Lists and objects nest at most nesting deep,
// and the value contains at most MaxTokens values. The first maxIDs strings in lists do not count, since they may be
// IDs; Limits.checkLists checks the lists again once their types are known. It returns errNotJSON, errNUL or the error
// of a limit; none of them repeats the text.
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
		return nil, limitExceeded("tokens", "variables have at most %d values", r.limits.MaxTokens)
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

func (r *jsonReader) object(nesting int) (map[string]any, error) {
	if nesting < 0 {
		return nil, r.limits.nestingExceeded()
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
			return nil, listExceeded(r.limits.MaxList)
		}
		if object[name], err = r.value(nesting); err != nil {
			return nil, err
		}
	}
	return object, r.end()
}

func (r *jsonReader) list(nesting int) ([]any, error) {
	if nesting < 0 {
		return nil, r.limits.nestingExceeded()
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
			return nil, listExceeded(most)
		}
		list = append(list, element)
	}
	return list, r.end()
}

// end reads the closing token of a list or object.
func (r *jsonReader) end() error {
	if _, err := r.decoder.ReadToken(); err != nil {
		return errNotJSON
	}
	return nil
}
