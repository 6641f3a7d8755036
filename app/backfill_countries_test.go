package app

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// destinationsDocument is a document of elevate with destinations of several forms, in the order of the ids.
func destinationsDocument() string {
	var records []string
	for i, to := range []string{`"+442079460124"`, `"02079460124"`, `"+3319900123"`, `"+31612345678"`, `"internet"`, `null`, `"+80012345678"`} {
		records = append(records, fmt.Sprintf(`{"id": %d, "eventDate": "2025-01-01T00:00:00Z", "customerId": 1, "destination": %s}`, i+1, to))
	}
	return "[" + strings.Join(records, ",") + "]"
}

// countriesOf returns the stored destination countries, in the order of the source ids.
func countriesOf(t *testing.T, pool *sql.DB) (list []string) {
	t.Helper()
	rows, err := pool.Query("SELECT COALESCE(destination_country, '-') FROM usage_records ORDER BY source_id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var country string
		if err := rows.Scan(&country); err != nil {
			t.Fatal(err)
		}
		list = append(list, country)
	}
	return list
}

func TestCommandsFindTheCountriesOfStoredRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, destinationsDocument(), "--database", url, "import", "elevate", "-"); err != nil {
			t.Fatal(err, printed)
		}
		pool := openPool(t, url)
		defer pool.Close()
		want := []string{"GB", "GB", "-", "NL", "-", "-", "-"}
		if got := countriesOf(t, pool); !slices.Equal(got, want) {
			t.Fatalf("imported: %v", got)
		}
		for _, statement := range []string{"UPDATE usage_records SET destination_country = NULL", "UPDATE country_state SET state = 'PENDING'"} {
			if _, err := pool.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		printed, err := runCommand(t, "", "--database", url, "migrate")
		if err != nil || !strings.Contains(printed, "finding the countries of its destinations") {
			t.Errorf("%v: %s", err, printed)
		}
		if got := countriesOf(t, pool); !slices.Equal(got, want) {
			t.Errorf("migrated: %v, want %v", got, want)
		}
		printed, err = runCommand(t, destinationsDocument(), "--database", url, "import", "elevate", "-")
		if err != nil || !strings.Contains(printed, "no changes") || strings.Contains(printed, "countries") {
			t.Errorf("imported again: %v: %s", err, printed)
		}
	})
}
