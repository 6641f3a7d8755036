package app

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestUnattributedDocumentsAreListed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		command := func(args ...string) string {
			t.Helper()
			printed, err := runCommand(t, "", append([]string{"--database", url}, args...)...)
			if err != nil {
				t.Fatal(err, printed)
			}
			return printed
		}
		command("import", "elevate", sample(t, "elevate/sample"))
		if printed := command("unattributed"); printed != "All documents have a customer.\n" {
			t.Errorf("with customers alone: %s", printed)
		}
		command("import", "dxp", sample(t, "dxp/sample/usage-consumption-prepaid.json"))
		if printed := command("unattributed"); !strings.HasSuffix(printed, "\n1 document has no customer.\n") {
			t.Errorf("with one: %s", printed)
		}
		command("import", "dxp", sample(t, "dxp/sample"))
		command("import", "brm", sample(t, "brm/sample"))
		odd := filepath.Join(t.TempDir(), "odd.json")
		if err := os.WriteFile(odd, []byte(`[{"id": 5, "eventDate": "2025-05-06T00:00:00Z", "serviceId": "CIRCUIT\u001b[1m"}]`), 0o600); err != nil {
			t.Fatal(err)
		}
		command("import", "elevate", odd)
		printed := command("unattributed")
		for _, want := range []string{
			`^DOCUMENT +IDENTIFIER +TIME +REASON\n`,
			`\nbrm:\S+ +- +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +It names no customer, and no number, card or id of a subscription\.\n`,
			`\ndxp:MSISDN:8201@2022-11-08T15:52:48Z +MSISDN 8201 +2022-11-08T15:52:48Z +No record of a customer has its number or card\.\n`,
			`\ndxp:SUBSCRIPTIONID:S-1001@2023-03-13T14:54:49Z +dxp:S-1001 +2023-03-13T14:54:49Z +It names no customer, and its subscription by an id that is assigned to no customer at its time\.\n`,
			`\nelevate:5 +"elevate:CIRCUIT\\x1b\[1m" +2025-05-06T00:00:00Z +It names no customer, `,
			`\n5 documents have no customer\.\n$`,
		} {
			if !regexp.MustCompile(want).MatchString(printed) {
				t.Errorf("%s is not in\n%s", want, printed)
			}
		}
	})
}

func TestUnattributedListsAllPages(t *testing.T) {
	t.Parallel()
	const n = 2001
	file := filepath.Join(t.TempDir(), "many.ndjson")
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `{"id": %d, "eventDate": "2025-05-06T00:00:00Z", "serviceId": "CIRCUIT-%[1]d"}`+"\n", i+1)
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, "", "--database", url, "import", "elevate", file); err != nil {
			t.Fatal(err, printed)
		}
		printed, err := runCommand(t, "", "--database", url, "unattributed")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(printed, "DOCUMENT") != 1 || strings.Count(printed, "\nelevate:") != n || !strings.HasSuffix(printed, "\n2001 documents have no customer.\n") {
			t.Errorf("%d documents in %.2000s", strings.Count(printed, "\nelevate:"), printed)
		}
	})
}
