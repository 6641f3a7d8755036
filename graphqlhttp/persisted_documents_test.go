package graphqlhttp_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// byHash returns a request for a document by its hash, with the text unless it is empty.
func byHash(hash, text string) string {
	member := ""
	if text != "" {
		member = fmt.Sprintf(`"query":%q,`, text)
	}
	return fmt.Sprintf(`{%s"extensions":{"persistedQuery":{"version":1,"sha256Hash":"%s"}}}`, member, hash)
}

func TestOnlyTheLatestValidDocumentsAreCached(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := newHandler(t, store, nil)
		send := func(text string) (hash string) {
			hash = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
			if got := post(t, h, strings.NewReader(byHash(hash, text))); got.code() == "BAD_USER_INPUT" {
				t.Fatalf("%.100s: %s", text, got.body)
			}
			return hash
		}
		cached := func(hash string) bool {
			got := post(t, h, strings.NewReader(byHash(hash, "")))
			return got.status == http.StatusOK && got.code() == ""
		}
		valid := send("query Good{__typename}")
		if !cached(valid) || !cached(strings.ToUpper(valid)) {
			t.Error("a valid document is not cached")
		}
		for name, text := range map[string]string{
			"that is invalid":     "{nonsense}",
			"with a syntax error": "{",
			"above a limit":       "{" + strings.Repeat("__typename ", 21) + "}",
			"that is too long":    "{__typename}" + strings.Repeat(" ", 16<<10),
		} {
			if cached(send(text)) {
				t.Errorf("a document %s is cached", name)
			}
		}
		for i := range 300 {
			send(fmt.Sprintf("query Q%d{__typename}", i))
		}
		if cached(valid) {
			t.Error("the oldest document is still cached")
		}
	})
}
