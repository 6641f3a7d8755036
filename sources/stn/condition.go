package stn

import (
	"usagegraph/db"
)

// maxPattern is the maximum length of a pattern, and of text that becomes a part of one, in bytes.
const maxPattern = 300

// condition is a filter parameter: its convention, its values and the resulting filter of the store.
type condition struct {
	convention
	values []string
	filter *db.UsageSummaryFilter
}

// takesList reports whether the operator takes several values.
func (c convention) takesList() bool { return c.operator == in || c.operator == between }

// testsNull reports whether the operator needs no value.
func (c convention) testsNull() bool { return c.operator == isNull || c.operator == isNotNull }

// parse parses the values of the parameter. The values of a repeated list are joined.
func (c *condition) parse(values []string) error {
	c.values = values
	switch {
	case c.takesList():
		c.values = nil
		for _, v := range values {
			members, err := parseList(v)
			if err != nil {
				return err
			}
			c.values = append(c.values, members...)
		}
		if c.operator == between && len(c.values) != 2 {
			return db.Errorf(db.BadInput, "want two values separated by a comma")
		}
		if len(c.values) > maxList {
			return db.Errorf(db.BadInput, "want at most %d values", maxList)
		}
	case c.testsNull() && values[0] == "":
		c.values = []string{"true"}
	case c.operator == startsWith, c.operator == endsWith, c.operator == contains, c.operator == like:
		if len(values[0]) > maxPattern {
			return db.Errorf(db.BadInput, "want at most %d bytes of text", maxPattern)
		}
	}
	var err error
	c.filter, err = c.toFilter()
	return err
}

// String returns the values as the value of a parameter.
func (c *condition) String() string {
	if c.takesList() {
		return printList(c.values)
	}
	return c.values[0]
}
