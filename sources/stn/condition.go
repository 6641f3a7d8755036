package stn

import (
	"strings"

	"usagegraph/db"
)

// operator is a suffix of AutoQuery: what it asks of the field whose name it follows.
type operator string

const (
	equalTo              operator = ""
	greaterThan          operator = "GreaterThan"
	greaterThanOrEqualTo operator = "GreaterThanOrEqualTo"
	lessThan             operator = "LessThan"
	lessThanOrEqualTo    operator = "LessThanOrEqualTo"
	notEqualTo           operator = "NotEqualTo"
	in                   operator = "In"
	between              operator = "Between"
	startsWith           operator = "StartsWith"
	endsWith             operator = "EndsWith"
	contains             operator = "Contains"
	like                 operator = "Like"
	isNull               operator = "IsNull"
	isNotNull            operator = "IsNotNull"
)

// suffixes are the operators by their suffixes in lower case.
var suffixes = map[string]operator{
	"": equalTo, "greaterthan": greaterThan, "lessthan": lessThan, "notequalto": notEqualTo, "in": in, "between": between,
	"greaterthanorequalto": greaterThanOrEqualTo, "greaterthanorequal": greaterThanOrEqualTo,
	"lessthanorequalto": lessThanOrEqualTo, "lessthanorequal": lessThanOrEqualTo,
	"startswith": startsWith, "endswith": endsWith, "contains": contains, "like": like,
	"isnull": isNull, "isnotnull": isNotNull,
}

// maxPattern is how long a pattern may be, and a piece of text that becomes one, in bytes.
const maxPattern = 300

// condition is what a parameter asks of a field.
type condition struct {
	field    *field
	operator operator
	values   []string
	filter   *db.UsageSummaryFilter
}

// conditionOf finds the field and the operator that a parameter's name is made of; nil for a name that is not.
func conditionOf(name string) *condition {
	name = strings.ToLower(name)
	for suffix, o := range suffixes {
		if f := fields[strings.TrimSuffix(name, suffix)]; f != nil && strings.HasSuffix(name, suffix) && len(f.name)+len(suffix) == len(name) {
			return &condition{field: f, operator: o}
		}
	}
	return nil
}

func (c *condition) name() string { return c.field.name + string(c.operator) }

// read takes a parameter's value, which is not empty. Its error says what was wanted.
func (c *condition) read(text string) error {
	c.values = []string{text}
	switch c.operator {
	case in, between:
		c.values = split(text)
		if c.operator == between && len(c.values) != 2 {
			return db.Errorf(db.BadInput, "want two values with a comma between them")
		}
		if len(c.values) > maxList {
			return db.Errorf(db.BadInput, "want at most %d values", maxList)
		}
	case startsWith, endsWith, contains, like:
		if len(text) > maxPattern {
			return db.Errorf(db.BadInput, "want at most %d bytes of text", maxPattern)
		}
	}
	var err error
	c.filter, err = c.compile()
	return err
}
