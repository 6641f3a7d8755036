package graphqlhttp_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// BenchmarkRequest asks for nothing that is stored: what a request costs before and after its records are read, of a
// document that is known and of one that was never seen.
func BenchmarkRequest(b *testing.B) {
	h := routes(b, dbtest.Open(b, filepath.Join(b.TempDir(), "bench.db")), nil)
	answer := func(name string) {
		body := fmt.Sprintf(`{"query":"query %s {__typename ...More} fragment More on Query {type: __typename}"}`, name)
		if got := post(b, h, strings.NewReader(body)); got.status != http.StatusOK || got.code() != "" {
			b.Fatal(got.status, got.body)
		}
	}
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			answer("Known")
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			answer(fmt.Sprint("New", i))
		}
	})
}
