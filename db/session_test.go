package db_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestAnswersDoNotDependOnSessionSettings uses a database and a URL whose session settings for string literals, time
// zone and output formats are not PostgreSQL's defaults.
func TestAnswersDoNotDependOnSessionSettings(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, address string) {
		if u, err := url.Parse(address); err == nil && strings.HasPrefix(address, "postgres") {
			server, err := sqlx.Open("postgres", address)
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			for _, setting := range []string{"standard_conforming_strings = off", "backslash_quote = off", "timezone = 'Asia/Kolkata'", "datestyle = 'German, DMY'",
				"intervalstyle = 'sql_standard'", "extra_float_digits = -15", "bytea_output = 'escape'"} {
				if _, err := server.Exec("ALTER DATABASE " + strings.TrimPrefix(u.Path, "/") + " SET " + setting); err != nil {
					t.Fatal(err)
				}
			}
			q := u.Query()
			q.Set("TimeZone", "America/New_York")
			q.Set("options", "-c standard_conforming_strings=off")
			u.RawQuery = q.Encode()
			address = u.String()
		}
		store := dbtest.Open(t, address)
		w := fill(t, store)
		for _, e := range entities {
			for range 20 {
				filter := w.filter(e, 3)
				got := e.one(t, store.For(db.All()), db.NoParent, query{Page: db.Page{Limit: db.MaxPage}, filter: filter}).ids()
				if diff := cmp.Diff(e.found(w, filter), got); diff != "" {
					t.Errorf("%s: %s: %s", e.name, printed(filter), diff)
				}
			}
		}
		pattern := `C\_%`
		_, err := store.For(db.All()).UsageSummaries(t.Context(), db.AllColumns, db.NoParent, db.UsageSummaryQuery{
			Filter: &db.UsageSummaryFilter{ProviderGroup: &db.StringFilter{Like: &pattern}}, Page: db.Page{Limit: 1},
		})
		if err != nil {
			t.Error(err)
		}
	})
}
