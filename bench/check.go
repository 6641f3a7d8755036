package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// check asks every contender all that it will be asked: the same ids must come back, in the same order. It notes
// the statements of an answer: the fewest, since now and then a server asks for something of its own.
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
				return fmt.Errorf("%s answers with %d ids that are not the floor's %d: %s\n%.400s", c.name, len(got), len(want), q.requests[c.name][i], body)
			}
		}
	}
	return nil
}

// values returns what stands at all members of one name, in their order.
func values(text []byte, member string) ([]string, error) {
	var list []string
	// open are the objects and arrays around what is read: a member's value comes where its object's name did.
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
