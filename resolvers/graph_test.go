package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/graphqlhttp"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// graph is the GraphQL handler of one database.
type graph struct {
	t       testing.TB
	store   *db.Store
	sources []ingest.Source
	handler http.Handler
}

func newGraph(t testing.TB, store *db.Store) *graph {
	t.Helper()
	zone, err := time.LoadLocation("America/Puerto_Rico")
	if err != nil {
		t.Fatal(err)
	}
	settings := graphqlhttp.DefaultSettings()
	settings.MaxComplexity = 1 << 20 // the tests nest lists deeply
	handler, err := graphqlhttp.NewHandler(store, settings, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	g := &graph{t: t, store: store, handler: auth.Middleware(auth.Open, handler)}
	for _, make := range []func() (ingest.Source, error){
		func() (ingest.Source, error) { return elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"}) },
		func() (ingest.Source, error) { return brm.Source(brm.Settings{}) },
		func() (ingest.Source, error) { return stn.Source(stn.Settings{Currency: "EUR", Region: "NL"}) },
		func() (ingest.Source, error) {
			return dxp.Source(dxp.Settings{Location: zone, BusinessID: "PR"})
		},
	} {
		source, err := make()
		if err != nil {
			t.Fatal(err)
		}
		g.sources = append(g.sources, source)
	}
	return g
}

func (g *graph) load(source db.Source, document io.Reader) {
	g.t.Helper()
	importer := &ingest.Importer{Store: g.store, Sources: g.sources, Reject: func(r ingest.Reject) { g.t.Error(r) }}
	if _, err := importer.Import(g.t.Context(), source, "test", document); err != nil {
		g.t.Fatal(err)
	}
}

// loadSamples imports the five documented samples.
func (g *graph) loadSamples() {
	g.t.Helper()
	for _, s := range []struct {
		source  db.Source
		samples fs.FS
		files   []string
	}{
		{db.BRM, brm.Samples, []string{"brm-usage"}},
		{db.Elevate, elevate.Samples, []string{"customer-usage-data"}},
		{db.STN, stn.Samples, []string{"query-usage-subscription"}},
		{db.DXP, dxp.Samples, []string{"usage-consumption-postpaid", "usage-consumption-prepaid"}},
	} {
		for _, name := range s.files {
			document, err := fs.ReadFile(s.samples, "sample/"+name+".json")
			if err != nil {
				g.t.Fatal(err)
			}
			g.load(s.source, bytes.NewReader(document))
		}
	}
}

// query sends a query as a client does. It returns the answer and the number of statements.
func (g *graph) query(query string, variables map[string]any) ([]byte, int) {
	g.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		g.t.Fatal(err)
	}
	ctx, statements := db.CountStatements(context.Background())
	r := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w.Body.Bytes(), statements()
}

// read sends a query that must succeed, decodes the data of the answer, and returns the number of statements.
func (g *graph) read(query string, variables map[string]any, into any) int {
	g.t.Helper()
	answer, statements := g.query(query, variables)
	var envelope struct {
		Data   json.RawMessage
		Errors []any
	}
	if err := json.Unmarshal(answer, &envelope); err != nil {
		g.t.Fatalf("%v: %s", err, answer)
	}
	if len(envelope.Errors) > 0 {
		g.t.Fatalf("%s\n%s", query, answer)
	}
	if err := json.Unmarshal(envelope.Data, into); err != nil {
		g.t.Fatal(err)
	}
	return statements
}

// golden compares an answer with testdata, both with the same indentation.
func golden(t *testing.T, name string, answer []byte) {
	t.Helper()
	var text bytes.Buffer
	if err := json.Indent(&text, answer, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	file := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".json")
	if *update {
		if err := os.WriteFile(file, append(text.Bytes(), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(text.String()); got != strings.TrimSpace(string(want)) {
		t.Errorf("%s: the answer differs from the golden file:\n%s", file, got)
	}
}
