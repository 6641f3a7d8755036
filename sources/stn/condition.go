package stn

import (
	"usagegraph/db"
)

// maxPattern is how long a pattern may be, and a piece of text that becomes one, in bytes.
const maxPattern = 300

// condition is what a parameter asks of a field.
type condition struct {
	convention
	values []string
	filter *db.UsageSummaryFilter
}

// lists tells whether the condition compares with several values.
func (c convention) lists() bool { return c.operator == in || c.operator == between }

// testsNull tells whether the condition needs no value: its name says all.
func (c convention) testsNull() bool { return c.operator == isNull || c.operator == isNotNull }

// read takes a parameter's values; a list may be given in several parts. Its error says what was wanted.
func (c *condition) read(values []string) error {
	c.values = values
	switch {
	case c.lists():
		c.values = nil
		for _, v := range values {
			members, err := parseList(v)
			if err != nil {
				return err
			}
			c.values = append(c.values, members...)
		}
		if c.operator == between && len(c.values) != 2 {
			return db.Errorf(db.BadInput, "want two values with a comma between them")
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
	c.filter, err = c.compile()
	return err
}

// String writes the values as a parameter has them.
func (c *condition) String() string {
	if c.lists() {
		return printList(c.values)
	}
	return c.values[0]
}
