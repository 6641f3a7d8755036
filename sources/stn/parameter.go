package stn

import (
	"errors"
	"slices"
	"strings"

	"usagegraph/sources/rest"
)

// parameter is one that is known, by the name that it has here, whichever way the client wrote it.
type parameter struct {
	name string
	// condition is nil where the parameter is none.
	condition *condition
	values    []string
}

// plain are the parameters that are no conditions, in the order in which they are read: orderBy's keys come first.
var plain = []string{"fields", "format", "include", "meta", "orderBy", "orderByDesc", "skip", "take"}

// joined are those of them that may be given more than once: their values are parts of one list.
var joined = []string{"fields", "include", "orderBy", "orderByDesc"}

// gather brings the values of each known parameter together, sorted by name; those without a value are left out. It
// returns a Problem for a name that looks like a condition and is none and, where refuseUnknown, for any other unknown one.
func gather(parameters rest.Query, refuseUnknown bool) ([]*parameter, error) {
	byName := map[string]*parameter{}
	for _, given := range parameters.Names() {
		p := &parameter{}
		if i := slices.IndexFunc(plain, func(name string) bool { return strings.EqualFold(name, given) }); i >= 0 {
			p.name = plain[i]
		} else if c, ok := conventionOf(given); ok {
			p.name, p.condition = c.name(), &condition{convention: c}
		} else if meansFilter(given) {
			return nil, rest.Bad(rest.ShownName(given), noFilter)
		} else if refuseUnknown {
			return nil, rest.UnknownParameter(given)
		} else {
			continue
		}
		if byName[p.name] == nil {
			byName[p.name] = p
		}
		p = byName[p.name]
		p.values = append(p.values, parameters.All(given)...)
	}
	var known []*parameter
	for _, p := range byName {
		known = append(known, p)
	}
	slices.SortFunc(known, func(a, b *parameter) int { return strings.Compare(a.name, b.name) })
	for _, p := range known {
		if err := p.check(); err != nil {
			return nil, rest.Bad(p.name, err.Error())
		}
	}
	return slices.DeleteFunc(known, func(p *parameter) bool { return len(p.values) == 0 }), nil
}

// check refuses values that no parameter may have, and drops those that are empty.
func (p *parameter) check() error {
	isPlain, isIn := slices.Contains(joined, p.name), p.condition != nil && p.condition.operator == in
	if len(p.values) > 1 && !isPlain && !isIn {
		return errors.New("given more than once")
	}
	if p.condition != nil && p.condition.testsNull() {
		return nil
	}
	p.values = slices.DeleteFunc(p.values, func(v string) bool {
		if isIn {
			return strings.TrimSpace(v) == ""
		}
		return v == "" || isPlain && len(split(v)) == 0
	})
	return nil
}

const noFilter = "no such filter: want a field of the answer, alone or with a word such as usageHomeDataGreaterThan, minUsageHomeData or idIn"
