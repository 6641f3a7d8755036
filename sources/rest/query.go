// Package rest holds the code that the four old endpoints share: strict parsing of query strings, and the writing of
// responses with ETags and of problems.
package rest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is an error to send to the client. Each endpoint writes it in its own format.
type Problem struct {
	// Status is the HTTP status.
	Status int
	// Name is the name of the invalid parameter or header, or empty.
	Name string
	// Message describes the error. It contains no secrets and does not echo input.
	Message string
	// RetryAfter is the number of seconds after which the client may retry; 0 sends no Retry-After header.
	RetryAfter int
}

func (p *Problem) Error() string {
	if p.Name == "" {
		return p.Message
	}
	return p.Name + ": " + p.Message
}

// Bad returns the Problem of a parameter with an invalid value (400).
func Bad(name, message string) *Problem {
	return &Problem{Status: http.StatusBadRequest, Name: name, Message: message}
}

// Query is a parsed query string. Unlike net/http's parser, ParseQuery does not silently drop malformed parts.
type Query struct {
	values url.Values
	names  []string
}

// ParseQuery parses the query string of a request. It returns a Problem for malformed syntax and for names and values
// that a database cannot store: all text of a Query is UTF-8 without NUL.
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

// CheckText returns a Problem for text that a database cannot store.
func CheckText(name, text string) error {
	if !isText(text) {
		return Bad(name, "text must be UTF-8 without NUL characters")
	}
	return nil
}

// Names returns the names of the given parameters, sorted.
func (q Query) Names() []string { return q.names }

// One returns the value of a parameter and whether it is given. It returns a Problem where it is given more than once.
func (q Query) One(name string) (string, bool, error) {
	switch values := q.values[name]; len(values) {
	case 0:
		return "", false, nil
	case 1:
		return values[0], true, nil
	}
	return "", true, Bad(name, "given more than once")
}

// All returns all values of a parameter.
func (q Query) All(name string) []string { return q.values[name] }

// WholeNumber returns the value of a parameter as an integer, and whether it is given. It returns a Problem for text
// that is not an integer from least to most.
func (q Query) WholeNumber(name string, least, most int64) (int64, bool, error) {
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
