package brm

import (
	_ "embed"
	"errors"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/sources/rest"
)

var (
	//go:embed describe/sample.json
	sampleTypes []byte
	//go:embed describe/schema.json
	schemaTypes []byte
)

// types are the JSON Schemas of all that an answer holds, by their names.
var types = [...]jsontext.Value{sampleSpelling: sampleTypes, schemaSpelling: schemaTypes}

// description is a JSON Schema of one of the types.
type description struct {
	Schema string         `json:"$schema"`
	Ref    string         `json:"$ref"`
	Defs   jsontext.Value `json:"$defs"`
}

// describe answers the JSON Schema of the type that @type names, the base type where it names none.
func (s HandlerSettings) describe(w http.ResponseWriter, r *http.Request, in spelling) {
	name, err := s.typeOf(r)
	var problem *rest.Problem
	if errors.As(err, &problem) {
		fail(w, r, problem)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.MarshalWrite(w, description{"https://json-schema.org/draft/2020-12/schema", "#/$defs/" + name, types[in]})
}

func (s HandlerSettings) typeOf(r *http.Request) (string, error) {
	in, err := rest.ParseQuery(r)
	if err != nil {
		return "", err
	}
	q, err := parseQuery(in, describeParameters, s.Unknown.Refuse(true))
	if err != nil || q.objectType == nil {
		return baseType, err
	}
	return *q.objectType, nil
}
