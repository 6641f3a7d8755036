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

// byHash asks for a document by its hash, and sends it, too, where it has a text.
func byHash(hash, text string) string {
	member := ""
	if text != "" {
		member = fmt.Sprintf(`"query":%q,`, text)
	}
	return fmt.Sprintf(`{%s"extensions":{"persistedQuery":{"version":1,"sha256Hash":"%s"}}}`, member, hash)
}

func TestOnlyGoodDocumentsAreKeptAndTheLatestOfThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := routes(t, store, nil)
		send := func(text string) (hash string) {
			hash = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
			if got := post(t, h, strings.NewReader(byHash(hash, text))); got.code() == "BAD_USER_INPUT" {
				t.Fatalf("%.100s: %s", text, got.body)
			}
			return hash
		}
		known := func(hash string) bool {
			got := post(t, h, strings.NewReader(byHash(hash, "")))
			return got.status == http.StatusOK && got.code() == ""
		}
		good := send("query Good{__typename}")
		if !known(good) || !known(strings.ToUpper(good)) {
			t.Error("a good document is not kept")
		}
		for name, text := range map[string]string{
			"that does not fit":        "{nonsense}",
			"that cannot be parsed":    "{",
			"beyond a limit":           "{" + strings.Repeat("__typename ", 21) + "}",
			"that takes too much room": "{__typename}" + strings.Repeat(" ", 16<<10),
		} {
			if known(send(text)) {
				t.Errorf("a document %s is kept", name)
			}
		}
		for i := range 300 {
			send(fmt.Sprintf("query Q%d{__typename}", i))
		}
		if known(good) {
			t.Error("nothing is ever forgotten")
		}
	})
}
