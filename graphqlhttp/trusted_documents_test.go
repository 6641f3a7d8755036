package graphqlhttp_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
)

// manifests has one document in the manifest format of each tool.
var manifests = map[string]string{
	"graphql-codegen": `{"sha256:1f": "query Trusted { __typename customers { totalCount } }"}`,
	"relay":           `{"sha256:1f": "query Trusted { __typename customers { totalCount } }"}`,
	"apollo": `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
		{"id": "sha256:1f", "name": "Trusted", "type": "query", "body": "query Trusted { __typename customers { totalCount } }"}]}`,
}

// byID lists the requests by which clients name a document by its id.
var byID = []string{
	`{"documentId": "sha256:1f"}`,
	`{"doc_id": "sha256:1f", "variables": {}}`,
	`{"id": "sha256:1f", "query": null}`,
	`{"operationName": "Trusted", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "sha256:1f"}}}`,
	`{"documentId": "sha256:1f", "query": "{nonsense}"}`,
	`{"documentId": "1f"}`,
	`{"documentId": "HASH"}`,
	`{"documentId": "sha256:HASH"}`,
	`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "1f"}}}`,
	`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "HASH"}}}`,
}

// hashed replaces HASH by the SHA-256 of the document in manifests.
func hashed(body string) string {
	sum := sha256.Sum256([]byte("query Trusted { __typename customers { totalCount } }"))
	return strings.ReplaceAll(body, "HASH", hex.EncodeToString(sum[:]))
}

// untrusted lists requests for other documents.
var untrusted = []string{
	`{"query": "{__typename}"}`,
	`{"query": "query Trusted { __typename customers { totalCount } }"}`,
	`{"query": "{__typename}", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "f4f37441de75a73e1b44e8d7c4d71d3ca1e1a0ab4e2a2cc9ba0a4b1ccda35d85"}}}`,
	`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "f4f37441de75a73e1b44e8d7c4d71d3ca1e1a0ab4e2a2cc9ba0a4b1ccda35d85"}}}`,
	`{"documentId": "sha256:2e"}`,
	`{"query": "{__typename}", "documentId": "sha256:2e"}`,
	`{}`,
}

// manifest writes a manifest and returns its path.
func manifest(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEnforceRejectsUntrustedDocuments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for tool, text := range manifests {
			h := newHandler(t, store, func(s *graphqlhttp.Settings) { s.TrustedDocuments = manifest(t, text) })
			for _, body := range byID {
				if got := post(t, h, strings.NewReader(hashed(body))); got.status != http.StatusOK || !strings.Contains(got.body, `"totalCount":0`) {
					t.Errorf("%s: %s: %d %s", tool, body, got.status, got.body)
				}
			}
			for _, name := range []string{"documentId", "doc_id", "id"} {
				r := httptest.NewRequest("GET", "/graphql?"+url.Values{name: {"sha256:1f"}}.Encode(), nil)
				if got := do(t, h, r); got.status != http.StatusOK || !strings.Contains(got.body, `"totalCount":0`) {
					t.Errorf("%s: %s: %d %s", tool, r.URL, got.status, got.body)
				}
			}
			for _, body := range untrusted {
				if got := post(t, h, strings.NewReader(body)); got.status != http.StatusForbidden || got.code() != "UNTRUSTED_DOCUMENT" {
					t.Errorf("%s: %s: %d %s", tool, body, got.status, got.body)
				}
			}
		}
	})
}

func TestLogExecutesAndLogsUntrustedDocuments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for mode, logged := range map[string]int{"log": 1, "off": 0} {
			var log bytes.Buffer
			settings := graphqlhttp.DefaultSettings()
			settings.TrustedDocuments, settings.TrustedDocumentsMode = manifest(t, manifests["relay"]), mode
			handler, err := graphqlhttp.NewHandler(store, settings, nil, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			h := auth.Middleware(auth.Open, handler)
			got := postQuery(t, h, `query Mine {customers(filter: {name: {eq: "a name"}}) {totalCount}}`, nil)
			if got.status != http.StatusOK || strings.Count(log.String(), "not trusted") != logged || strings.Contains(log.String(), "a name") {
				t.Errorf("%s: %d %s\n%s", mode, got.status, got.body, log.String())
			}
			want := map[string]int{"log": http.StatusOK, "off": http.StatusBadRequest}[mode]
			if got := post(t, h, strings.NewReader(byID[0])); got.status != want {
				t.Errorf("%s: %d %s", mode, got.status, got.body)
			}
		}
	})
}

func TestInvalidManifestIsAnError(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"no file":  filepath.Join(t.TempDir(), "none.json"),
		"no JSON":  manifest(t, "query Q { __typename }"),
		"a list":   manifest(t, "[]"),
		"nothing":  manifest(t, "{}"),
		"no texts": manifest(t, `{"a": {"b": "c"}}`),
	} {
		settings := graphqlhttp.DefaultSettings()
		settings.TrustedDocuments = path
		if _, err := graphqlhttp.NewHandler(nil, settings, nil, nil); err == nil || !strings.HasPrefix(err.Error(), "--trusted-documents") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
