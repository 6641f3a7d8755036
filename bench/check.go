package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// check sends every request to every contender and returns an error unless all answers have the same ids in the same
// order. It records the statements of an answer: the minimum, because a server sometimes runs statements of its own.
func check(q *query, d *data) error {
	for i := range q.requests[floor] {
		var want []string
		for n, c := range slices.Backward(q.contenders) { // the floor is first
			var body []byte
			statements, err := d.statements(func() (err error) {
				body, err = c.send(q.requests[c.name][i])
				return err
			})
			if err != nil {
				return err
			}
			if least, ok := q.statements[c.name]; !ok || statements < least {
				q.statements[c.name] = statements
			}
			if c.name == oursPostgres {
				q.bytes = max(q.bytes, len(body))
			}
			got, err := values(body, q.id)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			if n == len(q.contenders)-1 {
				want = got
			}
			if len(got) == 0 || !slices.Equal(got, want) {
				return fmt.Errorf("%s returns %d ids that differ from the floor's %d: %s\n%.400s", c.name, len(got), len(want), q.requests[c.name][i], body)
			}
		}
	}
	return nil
}

// values returns the values of all members with a name, in order.
func values(text []byte, member string) ([]string, error) {
	var list []string
	// open holds the enclosing objects and arrays. value is true in an object after the name of a member.
	type level struct{ object, value bool }
	var open []level
	var name string
	for dec := json.NewDecoder(bytes.NewReader(text)); ; {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
			continue
		}
		if top := len(open) - 1; top >= 0 && open[top].object {
			if open[top].value = !open[top].value; open[top].value {
				name = token.(string)
				continue
			}
			if s, ok := token.(string); ok && name == member {
				list = append(list, s)
			}
		}
		if delim, ok := token.(json.Delim); ok {
			open = append(open, level{object: delim == '{'})
		}
	}
}
