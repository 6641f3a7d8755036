package elevate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"usagegraph/sources/rest"
)

// descendingSuffix follows the name of a field to sort by in descending order.
const descendingSuffix = ":desc"

// parameters parses parameters one by one and keeps the first Problem in err.
type parameters struct {
	rest.Query
	// known holds the names of the parameters that the endpoint defines.
	known []string
	err   error
}

func (p *parameters) fail(name, message string) { p.setError(rest.Bad(name, message)) }

// setError keeps the first error.
func (p *parameters) setError(err error) {
	if p.err == nil {
		p.err = err
	}
}

// text returns the value of a parameter; false where it is missing or an error has occurred.
func (p *parameters) text(name string) (string, bool) {
	text, given, err := p.One(name)
	p.setError(err)
	return p.check(name, text, given)
}

// list returns the elements of a comma-separated parameter. The values of a repeated one are joined.
func (p *parameters) list(name string) []string {
	all := p.All(name)
	text, given := p.check(name, strings.Join(all, ","), len(all) > 0)
	if !given {
		return nil
	}
	elements := strings.Split(text, ",")
	for i, e := range elements {
		elements[i] = strings.TrimSpace(e)
	}
	return elements
}

// check notes a parameter as known and returns its value; false where it is missing or an error has occurred.
func (p *parameters) check(name, text string, given bool) (string, bool) {
	p.known = append(p.known, name)
	switch {
	case !given:
		return "", false
	case text == "":
		p.fail(name, "no value: give one, or leave the parameter out")
	}
	return text, p.err == nil
}

// required returns a required integer from 1 to most.
func (p *parameters) required(name string, most int64) int64 {
	if _, given := p.text(name); !given {
		p.fail(name, "missing")
		return 0
	}
	n, _, err := p.WholeNumber(name, 1, most)
	p.setError(err)
	return n
}

func (p *parameters) id(name string) *int64 {
	text, given := p.text(name)
	if !given {
		return nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.fail(name, "want an id: a whole number")
	}
	return &id
}

func (p *parameters) boolean(name string) bool {
	text, given := p.text(name)
	if given && text != "true" && text != "false" {
		p.fail(name, "want true or false")
	}
	return text == "true"
}

func (p *parameters) textCondition(name string) *textCondition {
	return parseParameter(p, name, parseTextCondition)
}

func (p *parameters) phoneCondition(name string) *textCondition {
	return parseParameter(p, name, parsePhoneCondition)
}

func (p *parameters) timeCondition(name string) *timeCondition {
	return parseParameter(p, name, parseTimeCondition)
}

// parseParameter returns the parsed value of a parameter; nil where it is missing.
func parseParameter[T any](p *parameters, name string, parse func(string) (*T, error)) *T {
	text, given := p.text(name)
	if !given {
		return nil
	}
	v, err := parse(text)
	if err != nil {
		p.fail(name, err.Error())
	}
	return v
}

func (p *parameters) sort(name string) []sortKey {
	var keys []sortKey
	for _, text := range p.list(name) {
		text, descending := strings.CutSuffix(text, descendingSuffix)
		index := p.field(name, text)
		if slices.ContainsFunc(keys, func(k sortKey) bool { return k.index == index }) {
			p.fail(name, "a field is named twice")
		}
		keys = append(keys, sortKey{index, descending})
	}
	return keys
}

func (p *parameters) fields(name string) []int {
	var indexes []int
	for _, text := range p.list(name) {
		indexes = append(indexes, p.field(name, text))
	}
	slices.Sort(indexes)
	return slices.Compact(indexes)
}

// field returns the index of a field. list is the parameter that names it.
func (p *parameters) field(list, name string) int {
	index := fieldIndex(name)
	if index < 0 {
		p.fail(list, "want names of fields of the response")
	}
	return index
}

// safeName matches the name of a parameter that is safe to repeat in an error.
var safeName = regexp.MustCompile(`^[\w.:@-]{1,64}$`)

// refuseUnknown rejects parameters that the endpoint does not define, so that no misspelt filter is ignored.
func (p *parameters) refuseUnknown() {
	for _, name := range p.Names() {
		switch {
		case slices.Contains(p.known, name):
		case safeName.MatchString(name):
			p.fail(name, "unknown parameter")
		default:
			p.fail("", "unknown parameter")
		}
	}
}
