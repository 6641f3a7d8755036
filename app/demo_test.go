package app

import (
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestSecondDemoImportChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		args := []string{"--database", url, "demo", "--customers", "12", "--records", "600", "--seed", "3"}
		if _, err := runCommand(t, "", args...); err != nil {
			t.Fatal(err)
		}
		// Without a bulk load, since the database has records.
		printed, err := runCommand(t, "", args...)
		if n := strings.Count(printed, "0 new, 0 changed"); err != nil || n != 4 {
			t.Errorf("%v\n%s", err, printed)
		}
	})
}
