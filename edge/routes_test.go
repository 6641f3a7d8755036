package edge_test

import (
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
