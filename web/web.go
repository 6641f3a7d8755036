// Package web serves the pages for browsers: the playground at /, the documentation of the REST endpoints at /docs, and
// the OpenAPI document that it shows. Vite builds the pages from this folder into dist.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed dist/index.html
var index []byte

//go:embed dist/docs.html
var docs []byte

//go:embed openapi.json
var openAPI []byte

//go:embed dist/licenses.md
var licenses []byte

//go:embed all:dist/assets
var assets embed.FS

//go:embed src/questions src/examples
var examples embed.FS

// contentTypes has the types of all files in dist/assets, since the table of the operating system may lack some.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".woff2": "font/woff2",
}

// contentSecurityPolicy restricts the pages and their workers to the files in dist and to requests to this host. Inline
// styles are allowed: the editor monaco writes style elements and attributes, and does not support a nonce.
var contentSecurityPolicy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self' 'unsafe-inline'",
	"worker-src 'self'",
	"connect-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

// Handler serves the playground at /, the documentation of the REST endpoints at /docs and its OpenAPI document at
// /openapi.json, the files that the two pages load under /assets/, and the licenses of the bundled packages at
// /licenses.md. Assets have a hash in their name and are cached forever; the others are revalidated by their ETag.
// Other paths are answered with 404, other methods than GET and HEAD with 405. Every response has
// contentSecurityPolicy. The pages have relative URLs; basePath is the path of the endpoints in the OpenAPI document, /
// without a base path.
func Handler(basePath string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page("text/html; charset=utf-8", index))
	mux.Handle("GET /docs", page("text/html; charset=utf-8", docs))
	mux.Handle("GET /openapi.json", page("application/json", bytes.Replace(openAPI, []byte(`"url": "/"`), fmt.Appendf(nil, `"url": %q`, basePath), 1)))
	mux.Handle("GET /licenses.md", page("text/markdown; charset=utf-8", licenses))
	mux.HandleFunc("GET /assets/{name}", asset)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	})
}

// page returns a handler of a file that is revalidated by its ETag.
func page(contentType string, body []byte) http.Handler {
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256(body))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("ETag", etag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

func asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	file, err := assets.Open("dist/assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", contentTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, file.(io.ReadSeeker))
}

// OpenAPI returns the OpenAPI 3.1 document of the REST endpoints.
func OpenAPI() []byte { return bytes.Clone(openAPI) }

// Example is a query with a tab in the playground.
type Example struct {
	// Name is the name of the operation and of the tab.
	Name string
	// Query is a GraphQL document with one operation.
	Query string
	// Variables is a JSON object; it is nil if the operation has no variables.
	Variables json.RawMessage
}

// Questions returns the questions of docs/questions.md, for the demo data, in the order of their tabs.
func Questions() []Example { return examplesIn("questions") }

// Examples returns the examples for the documented samples in the order of their tabs, which are after those of the
// questions. The variable id of Node is empty; the playground sets it to the ID of a customer.
func Examples() []Example { return examplesIn("examples") }

func examplesIn(folder string) []Example {
	files, _ := fs.Glob(examples, "src/"+folder+"/*.graphql")
	list := make([]Example, 0, len(files))
	for _, file := range files {
		stem := strings.TrimSuffix(file, ".graphql")
		_, name, _ := strings.Cut(path.Base(stem), "-")
		query, _ := examples.ReadFile(file)
		variables, _ := examples.ReadFile(stem + ".json")
		list = append(list, Example{Name: name, Query: string(query), Variables: variables})
	}
	return list
}
