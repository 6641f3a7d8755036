package edge_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/edge"
)

func TestSchemaIsServedWithIntrospectionOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for introspection, status := range map[string]int{"on": http.StatusOK, "off": http.StatusNotFound} {
			h := routes(t, store, func(s *edge.Settings) { s.Introspection = introspection })
			if got := do(t, h, httptest.NewRequest("GET", "/schema.graphql", nil)); got.status != status {
				t.Errorf("introspection %s: %d, want %d", introspection, got.status, status)
			}
		}
	})
}

func TestSchemaOnAPublicAddressIsForClients(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		identify := func(r *http.Request) (auth.Identity, error) {
			if r.Header.Get("Authorization") == "" {
				return auth.Identity{}, &auth.Refusal{Message: "credentials are required"}
			}
			return auth.Identity{ClientID: "ann", Scope: db.All()}, nil
		}
		settings := edge.DefaultSettings()
		settings.Introspection = "auto"
		settings.ResolveIntrospection(false, true)
		h, err := edge.Routes(store, "type Query", identify, nil, settings, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/schema.graphql", "/graphql?query=%7B__schema%7BqueryType%7Bname%7D%7D%7D"} {
			r := httptest.NewRequest("GET", path, nil)
			if got := do(t, h, r); got.status != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" || strings.Contains(got.body, "Query") {
				t.Errorf("%s without credentials: %d %s", path, got.status, got.body)
			}
			r.Header.Set("Authorization", "Bearer x")
			if got := do(t, h, r); got.status != http.StatusOK || !strings.Contains(got.body, "Query") {
				t.Errorf("%s by a client: %d %s", path, got.status, got.body)
			}
		}
	})
}

func TestLimitBelowOneIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*edge.Settings){
		"MAX_RUNNING":            func(s *edge.Settings) { s.MaxRunning = 0 },
		"MAX_RUNNING_PER_CLIENT": func(s *edge.Settings) { s.MaxRunningPerClient = -1 },
		"REQUEST_TIMEOUT":        func(s *edge.Settings) { s.Timeout = 0 },
		"MAX_DEPTH":              func(s *edge.Settings) { s.MaxDepth = 0 },
	} {
		settings := edge.DefaultSettings()
		change(&settings)
		if _, err := edge.Routes(nil, "", auth.Open, nil, settings, nil); err == nil || !strings.HasPrefix(err.Error(), name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
