package graphqlhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestLoneSurrogateIsASyntaxError(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		for text, valid := range map[string]bool{
			`"\uD83D"`: false, `"\uDE00x"`: false, `"\uD83Dx\uDE00"`: false, `"\uDE00\uD83D"`: false, `"a\ud83d\ud83d\ude00"`: false,
			`"\uD83D\uDE00"`: true, `"\ud83d\ude00"`: true, `"\u{1F600}"`: true, `"\\uD83D"`: true, `"\uD7FF\uE000"`: true, `"\\\uD83D\uDE00"`: true, `"""\uD83D"""`: true,
			`"""a\"""\uD83D"""`: true, "\"a\" # \"\\uD83D\"\n": true, `"\"\uDE00"`: false, `""}, not: {name: {eq: "\uDE00"}`: false,
		} {
			got := postQuery(t, h, `{customers(filter: {name: {eq: `+text+`}}) {totalCount}}`, nil)
			switch {
			case valid && got.status != http.StatusOK:
				t.Errorf("%s: %d %s", text, got.status, got.body)
			case !valid && (got.status != http.StatusBadRequest || got.code() != "GRAPHQL_PARSE_FAILED" || got.Data != nil):
				t.Errorf("%s: %d %s", text, got.status, got.body)
			}
		}
		for body, code := range map[string]string{
			`{"query":"query($n:String){customers(filter:{name:{eq:$n}}){totalCount}}","variables":{"n":"\uD83D"}}`:       "BAD_USER_INPUT",
			`{"query":"query($n:String){customers(filter:{name:{eq:$n}}){totalCount}}","variables":{"n":"\uD83D\uDE00"}}`: "",
		} {
			if got := post(t, h, strings.NewReader(body)); got.code() != code {
				t.Errorf("%s: %s", body, got.body)
			}
		}
		const want = `{"errors":[{"message":"Invalid character escape sequence: \\uD83D is half of a surrogate pair.","locations":[{"line":2,"column":37}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`
		if got := postQuery(t, h, "{ # \"\n c: customers(filter: {name: {eq: \"é\\uD83D\"}}) {totalCount}}", nil); got.body != want {
			t.Error(got.body)
		}
	})
}
