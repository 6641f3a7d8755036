package stn

import (
	"errors"
	"slices"
	"strings"

	"usagegraph/sources/rest"
)

// parameter is a known parameter, by its canonical name.
type parameter struct {
	name string
	// condition is nil for a reserved parameter.
	condition *condition
	values    []string
}

// reservedParameters holds the parameters that are not filters.
var reservedParameters = []string{"fields", "format", "include", "meta", "orderBy", "orderByDesc", "skip", "take"}

// listParameters holds the reserved parameters that may be repeated. Their values are joined.
var listParameters = []string{"fields", "include", "orderBy", "orderByDesc"}

// parseParameters returns the known parameters with their values, sorted by name, so that orderBy precedes orderByDesc.
// Parameters without a value are left out. It returns a Problem for an unknown parameter that looks like a filter and,
// with refuseUnknown, for any other unknown one.
func parseParameters(parameters rest.Query, refuseUnknown bool) ([]*parameter, error) {
	byName := map[string]*parameter{}
	for _, name := range parameters.Names() {
		p := &parameter{}
		if i := slices.IndexFunc(reservedParameters, func(reserved string) bool { return strings.EqualFold(reserved, name) }); i >= 0 {
			p.name = reservedParameters[i]
		} else if c, ok := parseConvention(name); ok {
			p.name, p.condition = c.name(), &condition{convention: c}
		} else if looksLikeFilter(name) {
			return nil, rest.Bad(rest.ShownName(name), unknownFilter)
		} else if refuseUnknown {
			return nil, rest.UnknownParameter(name)
		} else {
			continue
		}
		if byName[p.name] == nil {
			byName[p.name] = p
		}
		p = byName[p.name]
		p.values = append(p.values, parameters.All(name)...)
	}
	var known []*parameter
	for _, p := range byName {
		known = append(known, p)
	}
	slices.SortFunc(known, func(a, b *parameter) int { return strings.Compare(a.name, b.name) })
	for _, p := range known {
		if err := p.normalize(); err != nil {
			return nil, rest.Bad(p.name, err.Error())
		}
	}
	return slices.DeleteFunc(known, func(p *parameter) bool { return len(p.values) == 0 }), nil
}

// normalize drops empty values. It returns an error for a repeated parameter that is not a list.
func (p *parameter) normalize() error {
	isList, isIn := slices.Contains(listParameters, p.name), p.condition != nil && p.condition.operator == in
	if len(p.values) > 1 && !isList && !isIn {
		return errors.New("given more than once")
	}
	if p.condition != nil && p.condition.testsNull() {
		return nil
	}
	p.values = slices.DeleteFunc(p.values, func(v string) bool {
		if isIn {
			return strings.TrimSpace(v) == ""
		}
		return v == "" || isList && len(splitList(v)) == 0
	})
	return nil
}

const unknownFilter = "unknown filter: want a field of the response, alone or with a word such as usageHomeDataGreaterThan, minUsageHomeData or idIn"
