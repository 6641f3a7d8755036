package stn

import (
	"errors"
	"slices"
	"strings"

	"usagegraph/sources/rest"
)

// parameter is one that is known, by the name that it has here, whichever way the client wrote it.
type parameter struct {
	name      string
	condition *condition
	values    []string
}

// plain are the parameters that are no conditions, in the order in which they are read: orderBy's keys come first.
var plain = []string{"fields", "include", "meta", "orderBy", "orderByDesc", "skip", "take"}

// lists are those of them that may be given more than once.
var lists = []string{"fields", "include", "orderBy", "orderByDesc"}

// gather brings the values of each known parameter together, sorted by name; those without a value are left out.
func gather(parameters rest.Query) ([]*parameter, error) {
	byName := map[string]*parameter{}
	for _, given := range parameters.Names() {
		p := &parameter{condition: conditionOf(given)}
		if i := slices.IndexFunc(plain, func(name string) bool { return strings.EqualFold(name, given) }); i >= 0 {
			p.name = plain[i]
		} else if p.condition != nil {
			p.name = p.condition.name()
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
	isList := slices.Contains(lists, p.name) || p.condition != nil && p.condition.operator == in
	if len(p.values) > 1 && !isList {
		return errors.New("given more than once")
	}
	p.values = slices.DeleteFunc(p.values, func(v string) bool {
		return v == "" || isList && len(split(v)) == 0
	})
	return nil
}
