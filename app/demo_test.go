package app

import (
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestADemoIsWhatItsDocumentsSay(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		args := []string{"--database", url, "demo", "--customers", "12", "--records", "600", "--seed", "3"}
		if _, err := runCommand(t, "", args...); err != nil {
			t.Fatal(err)
		}
		// Into a database that holds records it goes as any import does, which finds all of them as they are.
		printed, err := runCommand(t, "", args...)
		if n := strings.Count(printed, "0 new, 0 changed"); err != nil || n != 4 {
			t.Errorf("%v\n%s", err, printed)
		}
	})
}
