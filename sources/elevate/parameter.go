package elevate

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"usagegraph/sources/rest"
)

// descendingMark turns a field of an order.
const descendingMark = ":desc"

// parameters reads parameters one by one, up to the first problem.
type parameters struct {
	rest.Query
	known []string
	err   error
}

func (p *parameters) fail(name, message string) { p.note(rest.Bad(name, message)) }

// note keeps the first problem.
func (p *parameters) note(err error) {
	if p.err == nil {
		p.err = err
	}
}

// text returns a parameter's value, and whether it is given and can be read on.
func (p *parameters) text(name string) (string, bool) {
	text, given, err := p.One(name)
	p.note(err)
	return p.usable(name, text, given)
}

// list returns the elements of a parameter that is a comma list; one that is repeated goes on.
func (p *parameters) list(name string) []string {
	all := p.All(name)
	text, given := p.usable(name, strings.Join(all, ","), len(all) > 0)
	if !given {
		return nil
	}
	elements := strings.Split(text, ",")
	for i, e := range elements {
		elements[i] = strings.TrimSpace(e)
	}
	return elements
}

func (p *parameters) usable(name, text string, given bool) (string, bool) {
	p.known = append(p.known, name)
	switch {
	case !given:
		return "", false
	case text == "":
		p.fail(name, "no value: give one, or leave the parameter out")
	}
	return text, p.err == nil
}

// required reads a whole number from 1 on that must be given.
func (p *parameters) required(name string, most int64) int64 {
	if _, given := p.text(name); !given {
		p.fail(name, "missing")
		return 0
	}
	n, _, err := p.WholeNumber(name, 1, most)
	p.note(err)
	return n
}

func (p *parameters) id(name string) *int64 {
	text, given := p.text(name)
	if !given {
		return nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		p.fail(name, "want an id, which is a whole number")
	}
	return &id
}

func (p *parameters) yes(name string) bool {
	text, given := p.text(name)
	if given && text != "true" && text != "false" {
		p.fail(name, "want true or false")
	}
	return text == "true"
}

func (p *parameters) match(name string) *match {
	return value(p, name, parseMatch)
}

func (p *parameters) number(name string) *match {
	return value(p, name, parseNumber)
}

func (p *parameters) bound(name string) *bound {
	return value(p, name, parseBound)
}

func value[T any](p *parameters, name string, parse func(string) (*T, error)) *T {
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
		text, descending := strings.CutSuffix(text, descendingMark)
		place := p.field(name, text)
		if slices.ContainsFunc(keys, func(k sortKey) bool { return k.place == place }) {
			p.fail(name, "a field stands there twice")
		}
		keys = append(keys, sortKey{place, descending})
	}
	return keys
}

func (p *parameters) fields(name string) []int {
	var places []int
	for _, text := range p.list(name) {
		places = append(places, p.field(name, text))
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// field returns the place of a field that a list names.
func (p *parameters) field(list, name string) int {
	place := fieldNamed(name)
	if place < 0 {
		p.fail(list, "a name that is no field of the answer")
	}
	return place
}

// shown is a parameter's name that an answer may repeat.
var shown = regexp.MustCompile(`^[\w.:@-]{1,64}$`)

// refuseOthers refuses what is no parameter: a misspelt filter must not look like none.
func (p *parameters) refuseOthers() {
	for _, name := range p.Names() {
		switch {
		case slices.Contains(p.known, name):
		case shown.MatchString(name):
			p.fail(name, "no such parameter")
		default:
			p.fail("", "a parameter of a name that is not known")
		}
	}
}
