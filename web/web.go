// Package web is what a browser gets: the playground at / and the REST endpoints' documentation at /docs, which Vite
// builds from this folder into dist, and the OpenAPI document that the latter shows.
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

//go:embed src/examples
var examples embed.FS

// contentTypes names every kind of file in dist/assets; the operating system's table may say otherwise or nothing.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".woff2": "font/woff2",
}

// contentSecurityPolicy keeps the pages, and their workers, to this host and to the files in dist. Styles are the
// exception: monaco, the editor, writes its theme into style elements and each line's place into style attributes,
// and knows no nonce.
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
// /openapi.json, the files that the two pages load under /assets/, and the licenses of what went into them at
// /licenses.md. Assets carry a hash in their name and may be cached for ever; the rest is to be asked for again, by its
// ETag. Another path is 404, another method than GET and HEAD 405. All answers carry a Content-Security-Policy under
// which a browser talks to no other host.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page("text/html; charset=utf-8", index))
	mux.Handle("GET /docs", page("text/html; charset=utf-8", docs))
	mux.Handle("GET /openapi.json", page("application/json", openAPI))
	mux.Handle("GET /licenses.md", page("text/markdown; charset=utf-8", licenses))
	mux.HandleFunc("GET /assets/{name}", asset)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentSecurityPolicy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	})
}

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

// Example is a query that works as it stands on the documented samples, and has a tab in the playground.
type Example struct {
	// Name is that of its operation, and of its tab.
	Name string
	// Query is a GraphQL document with this one operation.
	Query string
	// Variables is a JSON object, nil where the operation has none.
	Variables json.RawMessage
}

// Examples returns the playground's examples in the order of their tabs. The variable id of Again is empty: ids are
// made on import, so who runs it puts in one that he was given; the playground does so by itself.
func Examples() []Example {
	files, _ := fs.Glob(examples, "src/examples/*.graphql")
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
