package graphqlhttp_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// BenchmarkRequest measures a request that reads no records, with a cached document and with a new one.
func BenchmarkRequest(b *testing.B) {
	h := newHandler(b, dbtest.Open(b, filepath.Join(b.TempDir(), "bench.db")), nil)
	request := func(name string) {
		body := fmt.Sprintf(`{"query":"query %s {__typename ...More} fragment More on Query {type: __typename}"}`, name)
		if got := post(b, h, strings.NewReader(body)); got.status != http.StatusOK || got.code() != "" {
			b.Fatal(got.status, got.body)
		}
	}
	b.Run("cached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			request("Cached")
		}
	})
	b.Run("new", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			request(fmt.Sprint("New", i))
		}
	})
}
