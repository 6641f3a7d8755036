package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

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

// group has the numbers of a group of usage records, with the names of usagegraph and those of PostGraphile.
type group struct {
	Records        json.Number
	Data, Duration struct{ Sum string }
	DistinctCount  struct{ RowID json.Number }
	Sum            struct{ DataQuantity, DurationQuantity *string }
}

// groups returns the numbers of each group that has records, as one text each, in ascending order. PostGraphile has no
// groups without records, and returns the others in any order.
func groups(text []byte) ([]string, error) {
	var list []string
	var visit func(text json.RawMessage) error
	visit = func(text json.RawMessage) error {
		switch text[0] {
		case '[':
			var elements []json.RawMessage
			err := json.Unmarshal(text, &elements)
			for _, e := range elements {
				err = errors.Join(err, visit(e))
			}
			return err
		case '{':
			var members map[string]json.RawMessage
			err := json.Unmarshal(text, &members)
			if members["data"] != nil && members["records"] != nil || members["distinctCount"] != nil {
				var g group
				err = errors.Join(err, json.Unmarshal(text, &g))
				if s := g.String(); !strings.HasPrefix(s, "0 ") {
					list = append(list, s)
				}
				return err
			}
			for _, m := range members {
				err = errors.Join(err, visit(m))
			}
			return err
		}
		return nil
	}
	err := visit(text)
	slices.Sort(list)
	return list, err
}

// String returns the numbers, without zeros at the end of decimals.
func (g group) String() string {
	if g.Records != "" {
		return fmt.Sprint(g.Records, " ", g.Data.Sum, " ", g.Duration.Sum)
	}
	trimmed := func(s *string) string {
		if s == nil {
			return "0"
		}
		if strings.Contains(*s, ".") {
			return strings.TrimSuffix(strings.TrimRight(*s, "0"), ".")
		}
		return *s
	}
	return fmt.Sprint(g.DistinctCount.RowID, " ", trimmed(g.Sum.DataQuantity), " ", trimmed(g.Sum.DurationQuantity))
}

// largest returns the numbers of records of the n largest groups, which do not depend on the order of equal ones.
func largest(groups []string, n int) []string {
	counts := make([]int, len(groups))
	for i, g := range groups {
		fmt.Sscan(g, &counts[i])
	}
	slices.Sort(counts)
	list := []string{}
	for _, count := range counts[max(len(counts)-n, 0):] {
		list = append(list, fmt.Sprint(count))
	}
	return list
}
