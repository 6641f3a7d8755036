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

// jsonSchemas holds the JSON Schema definitions of all types in a response, by spelling.
var jsonSchemas = [...]jsontext.Value{sampleSpelling: sampleTypes, schemaSpelling: schemaTypes}

// description is the JSON Schema of one of the types.
type description struct {
	Schema string         `json:"$schema"`
	Ref    string         `json:"$ref"`
	Defs   jsontext.Value `json:"$defs"`
}

// describe writes the JSON Schema of the type in the parameter @type, by default the base type.
func (s HandlerSettings) describe(w http.ResponseWriter, r *http.Request, in spelling) {
	name, err := s.describedType(r)
	var problem *rest.Problem
	if errors.As(err, &problem) {
		fail(w, r, problem)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.MarshalWrite(w, description{"https://json-schema.org/draft/2020-12/schema", "#/$defs/" + name, jsonSchemas[in]})
}

// describedType returns the type in the parameter @type.
func (s HandlerSettings) describedType(r *http.Request) (string, error) {
	parameters, err := rest.ParseQuery(r)
	if err != nil {
		return "", err
	}
	q, err := parseQuery(parameters, describeParameters, s.Unknown.Refuse(true))
	if err != nil || q.objectType == nil {
		return baseType, err
	}
	return *q.objectType, nil
}
