package app

import (
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestDemoOfADensity(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, "", "--database", url, "demo", "--customers", "10", "--density", "2")
		if err != nil || !strings.Contains(printed, "72 new") || !strings.Contains(printed, "648 new") {
			t.Errorf("%v: %s", err, printed)
		}
	})
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"--density", "0"}, "--density must be at least 1"},
		{[]string{"--records", "0"}, "--records and --density must be at least 1"},
		{[]string{"--density", "2", "--records", "3"}, "--records and --density can't be used together"},
	} {
		if _, err := runCommand(t, "", append([]string{"demo"}, tt.args...)...); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v", tt.args, err)
		}
	}
}

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
