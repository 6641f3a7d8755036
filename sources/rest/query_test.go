package rest_test

import (
	"net/http/httptest"
	"testing"

	"usagegraph/sources/rest"
)

func TestParseQueryIsStrict(t *testing.T) {
	t.Parallel()
	for query, problem := range map[string]string{
		"n=1":                    "",
		"n=1000":                 "",
		"":                       "",
		"n=0":                    "n: want a whole number from 1 to 1000",
		"n=1001":                 "n: want a whole number from 1 to 1000",
		"n=":                     "n: want a whole number from 1 to 1000",
		"n=1.0":                  "n: want a whole number from 1 to 1000",
		"n=99999999999999999999": "n: want a whole number from 1 to 1000",
		"n=1&n=1":                "n: given more than once",
		"n=%zz":                  "the query string is malformed: percent signs and semicolons must be escaped",
		"n=1;m=2":                "the query string is malformed: percent signs and semicolons must be escaped",
		"n=%00":                  "n: text must be UTF-8 without NUL characters",
		"n=%ff":                  "n: text must be UTF-8 without NUL characters",
		"%00=1":                  "the names of parameters must be UTF-8 without NUL characters",
	} {
		r := httptest.NewRequest("GET", "/x", nil)
		r.URL.RawQuery = query
		q, err := rest.ParseQuery(r)
		if err == nil {
			_, _, err = q.WholeNumber("n", 1, 1000)
		}
		if got := message(err); got != problem {
			t.Errorf("%q: %q, not %q", query, got, problem)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
