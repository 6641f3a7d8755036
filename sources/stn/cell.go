package stn

import (
	"reflect"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// cell returns a field of the summary as a cell of CSV: a list is JSON, and what is unknown is empty.
func (s *Summary) cell(f *field) (string, error) {
	value := reflect.ValueOf(s).Elem().Field(f.place)
	if value.IsNil() {
		return "", nil
	}
	if text, ok := value.Interface().(*string); ok {
		return rest.Cell(*text), nil
	}
	written, err := json.Marshal(value.Interface())
	return string(written), err
}
