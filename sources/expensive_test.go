package sources_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
	"usagegraph/sources/rest"
)

// TestEndpointsWaitForExpensiveStatements requests lists with and without a pattern while as many expensive statements
// as may run at a time do.
func TestEndpointsWaitForExpensiveStatements(t *testing.T) {
	t.Parallel()
	paths := map[db.Source]struct{ cheap, expensive string }{
		db.Elevate: {"/customer-usage-data?page=1&pageSize=1&destination=1", "/customer-usage-data?page=1&pageSize=1&destination=like:*1"},
		db.BRM:     {"/brm/usageManagement/v4/usage?limit=1&description=a", "/brm/usageManagement/v4/usage?limit=1&description.like=a"},
		db.STN:     {"/api/QueryUsageSubscription?take=1&customerId=1", "/api/QueryUsageSubscription?take=1&providerGroupContains=a"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		search := "%"
		price := db.PriceOf(&db.UsageRecordFilter{Destination: &db.StringFilter{Like: &search}})
		for {
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			_, err := store.Admit(ctx, price)
			cancel()
			if err != nil {
				break
			}
		}
		for _, system := range sources.Systems() {
			if paths[system.Name].cheap == "" {
				continue // its requests have no filter
			}
			mux := http.NewServeMux()
			for pattern, handler := range system.Endpoint(legacy.Endpoint{
				Store: store, Scope: func(*http.Request) (db.Scope, error) { return db.All(), nil }, Unknown: rest.Documented,
				Values: func() legacy.Values { return nil }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
			}) {
				mux.Handle(pattern, handler)
			}
			for path, status := range map[string]int{paths[system.Name].cheap: http.StatusOK, paths[system.Name].expensive: http.StatusServiceUnavailable} {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				w := httptest.NewRecorder()
				mux.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
				cancel()
				if w.Code != status {
					t.Errorf("%s: %d %s", path, w.Code, w.Body)
				}
				if status != http.StatusOK && (w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "too many expensive requests are running")) {
					t.Errorf("%s: Retry-After %q, %s", path, w.Header().Get("Retry-After"), w.Body)
				}
			}
		}
	})
}
