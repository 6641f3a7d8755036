package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// totalsChecked is the number of parameter sets of a question about totals that are checked: it has many.
const totalsChecked = 10

// check sends every request to every contender and returns an error unless all give the same answers. Those of
// usagegraph are the same as the floor's byte for byte; the others have the same ids in the same order, or the same
// numbers. It records the statements of an answer: the minimum, because a server sometimes runs statements of its own.
func check(q *query, d *data) error {
	for i := range q.requests[oursPostgres] {
		if q.isTotals() && i == totalsChecked {
			break
		}
		answers := map[string][]byte{}
		for _, c := range q.contenders {
			body, err := q.checked(c, d, q.requests[c.name][i])
			if err != nil {
				return err
			}
			answers[c.name] = body
		}
		q.bytes = max(q.bytes, len(answers[oursPostgres]))
		for _, c := range q.contenders {
			if err := q.compare(c.name, answers[oursPostgres], answers[c.name]); err != nil {
				return fmt.Errorf("%s: %w: %s\n%.400s", c.name, err, q.requests[c.name][i], answers[c.name])
			}
		}
	}
	return nil
}

// checked sends a request, counts its statements, and returns the answer without the URL of the server.
func (q *query) checked(c contender, d *data, request string) (body []byte, err error) {
	statements, err := d.statements(func() (err error) {
		body, err = c.send(http.DefaultClient, request)
		return err
	})
	if least, ok := q.statements[c.name]; !ok || statements < least {
		q.statements[c.name] = statements
	}
	return bytes.ReplaceAll(body, []byte(c.base), nil), err
}

// compare returns an error if an answer differs from that of usagegraph on PostgreSQL.
func (q *query) compare(name string, want, got []byte) error {
	switch name {
	case oursPostgres, oursSQLite, theFloor:
		if !bytes.Equal(want, got) {
			return fmt.Errorf("the answer is not that of usagegraph on PostgreSQL, from byte %d on", firstDifference(want, got))
		}
		return nil
	}
	if name == openPostgres || name == openSQLite {
		return q.compareLength(want, got)
	}
	read := func(body []byte) ([]string, error) { return values(body, q.id) }
	if q.isTotals() {
		read = groups
	}
	a, err := read(want)
	if err != nil {
		return err
	}
	b, err := read(got)
	if err != nil {
		return err
	}
	if q.name == "T7" {
		a, b = largest(a, len(a)), largest(b, len(a)) // PostGraphile returns all groups
	}
	if len(a) == 0 || !slices.Equal(a, b) {
		return fmt.Errorf("%d values differ from usagegraph's %d", len(b), len(a))
	}
	return nil
}

// compareLength returns an error unless both answers have as many rows: a list of all customers has other records.
func (q *query) compareLength(want, got []byte) error {
	a, err := q.rows(want)
	if err != nil {
		return err
	}
	b, err := q.rows(got)
	if err == nil && a != b {
		err = fmt.Errorf("the page has %d rows, that of the client %d", b, a)
	}
	return err
}

// rows returns the number of rows of an answer. The elements of an array are its rows: brm's have several ids each.
func (q *query) rows(answer []byte) (int, error) {
	var elements []json.RawMessage
	if json.Unmarshal(answer, &elements) == nil {
		return len(elements), nil
	}
	ids, err := values(answer, q.id)
	return len(ids), err
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
