package stn

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// number is a cell that a spreadsheet reads as a number and not as a formula.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// cell returns a field of the summary as text: a list is JSON, and what is unknown is empty. A spreadsheet would calculate
// text that begins as a formula does; it gets an apostrophe before it.
func (s *Summary) cell(f *field) (string, error) {
	value := reflect.ValueOf(s).Elem().Field(f.place)
	if value.IsNil() {
		return "", nil
	}
	text, ok := value.Interface().(*string)
	if !ok {
		written, err := json.Marshal(value.Interface())
		if err != nil {
			return "", err
		}
		text = new(string(written))
	}
	if *text != "" && strings.ContainsRune("=+-@\t\r", rune((*text)[0])) && !number.MatchString(*text) {
		return "'" + *text, nil
	}
	return *text, nil
}
