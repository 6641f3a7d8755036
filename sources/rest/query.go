// Package rest is what the four shims have in common: how strictly a query string is read, and how an answer goes out.
package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is an answer that is an error, before a shim gives it its own shape. It is an error itself.
type Problem struct {
	// Status is the HTTP status.
	Status int
	// Name is the parameter or header that was wrong; empty where none was.
	Name string
	// Message says what was wrong; it holds nothing secret and does not echo input.
	Message string
	// RetryAfter is in how many seconds it is worth asking again; 0 where that would not help.
	RetryAfter int
}

func (p *Problem) Error() string {
	if p.Name == "" {
		return p.Message
	}
	return p.Name + ": " + p.Message
}

// Bad is the problem of a parameter whose value cannot be used (400).
func Bad(name, message string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Name: name, Message: message}
}

// Query is a request's query string, read strictly: what net/http would drop in silence is a problem.
type Query struct {
	values url.Values
	names  []string
}

// ParseQuery reads a request's query string. It returns a Problem for a malformed one, and for text that a database
// cannot hold: all that a Query gives out is UTF-8 without NUL.
func ParseQuery(r *http.Request) (Query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return Query{}, Bad("", "the query string is malformed: percent signs and semicolons must be escaped")
	}
	q := Query{values: values}
	for name, list := range values {
		if !isText(name) {
			return Query{}, Bad("", "the names of parameters must be UTF-8 without NUL characters")
		}
		for _, value := range list {
			if err := CheckText(name, value); err != nil {
				return Query{}, err
			}
		}
		q.names = append(q.names, name)
	}
	slices.Sort(q.names)
	return q, nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// CheckText returns a Problem for text that a database cannot hold.
func CheckText(name, text string) error {
	if !isText(text) {
		return Bad(name, "text must be UTF-8 without NUL characters")
	}
	return nil
}

// Names returns the names of the parameters that are given, sorted.
func (q Query) Names() []string { return q.names }

// One returns a parameter's value and whether it is given. It returns a Problem where it is given twice.
func (q Query) One(name string) (string, bool, error) {
	switch values := q.values[name]; len(values) {
	case 0:
		return "", false, nil
	case 1:
		return values[0], true, nil
	}
	return "", true, Bad(name, "given more than once")
}

// All returns all values of a parameter that is a list.
func (q Query) All(name string) []string { return q.values[name] }

// Whole returns a parameter that is a whole number between two bounds, and whether it is given. It returns a Problem
// for anything else.
func (q Query) Whole(name string, least, most int64) (int64, bool, error) {
	text, given, err := q.One(name)
	if err != nil || !given {
		return 0, given, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, true, Bad(name, "want a whole number from "+strconv.FormatInt(least, 10)+" to "+strconv.FormatInt(most, 10))
	}
	return n, true, nil
}
