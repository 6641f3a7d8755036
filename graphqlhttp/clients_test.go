package graphqlhttp_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
)

// TestJavaScriptClients runs the audits of graphql-http, and the tests of Apollo Client and urql, against a server on
// each database. clients/package.json lists them; if they are not installed, the test is skipped, and in CI it fails.
func TestJavaScriptClients(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat("clients/node_modules")
	}
	if err != nil {
		const missing = "the JavaScript clients are not installed: run `make test`, with Node 20"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing, err)
		}
		t.Skip(missing)
	}
	manifest := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(manifest, []byte(`{"a-trusted-document": "query Trusted { customers { totalCount } }"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		addCustomer(t, store)
		open := serve(t, store, nil)
		trusted := serve(t, store, func(s *graphqlhttp.Settings) { s.TrustedDocuments = manifest })
		run := exec.CommandContext(t.Context(), node, "clients/all.mjs")
		run.Env = append(os.Environ(), "GRAPHQL_URL="+open.URL+"/graphql", "TRUSTED_URL="+trusted.URL+"/graphql")
		if out, err := run.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
