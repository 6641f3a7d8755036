package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db/dbtest"
)

func TestAssignAndUnassignMoveReports(t *testing.T) {
	t.Parallel()
	const query = `{consumptionReports {nodes {attribution customer {sourceId}
		subscription {source sourceId customer {sourceId} identifiers {kind source value validFrom validTo disputed assigned}}}}}`
	unowned := `{"consumptionReports":{"nodes":[{"attribution":null,"customer":null,"subscription":{"source":"DXP","sourceId":"S-1001","customer":null,` +
		`"identifiers":[{"kind":"SOURCE_ID","source":"DXP","value":"S-1001","validFrom":null,"validTo":null,"disputed":false,"assigned":false}]}}]}}`
	assigned := strings.NewReplacer(`"attribution":null`, `"attribution":"ASSIGNED"`, `"customer":null`, `"customer":{"sourceId":"17"}`).Replace(unowned)
	dbtest.EachURL(t, func(t *testing.T, url string) {
		run := commandOn(t, url)
		run("import", "elevate", file(t, `[{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":null}]`))
		run("import", "dxp", file(t, `[{"description":"Usage Consumption Report for SubscriptionId S-1001","effectiveDate":"2025-01-01T00:00:00"}]`))
		secrets := createClients(t, []string{"--database", url}, []identityQuery{{client: "elevate:17"}})
		base, _ := start(t, "--database", url)
		check := func(want string) {
			t.Helper()
			if diff := cmp.Diff(want, (identityQuery{query: query}).run(t, base, secrets[""])); diff != "" {
				t.Error(diff)
			}
		}
		check(unowned)
		printed := run("assign", "--yes", "dxp:S-1001", "--customer", "elevate:17")
		for _, want := range []string{"1 stored document moves from no customer to elevate:17.", "Client client elevate:17", "will also see 1 of them.", "dxp:S-1001 is assigned to elevate:17, at all times."} {
			if !strings.Contains(printed, want) {
				t.Errorf("no %q in %s", want, printed)
			}
		}
		check(assigned)
		if listed := run("links"); !strings.Contains(listed, "dxp:S-1001") || !strings.Contains(listed, "elevate:17") {
			t.Error(listed)
		}
		printed = run("unassign", "--yes", "dxp:S-1001")
		if want := "will no longer see 1 of them."; !strings.Contains(printed, want) {
			t.Errorf("no %q in %s", want, printed)
		}
		check(unowned)
	})
}

// commandOn returns a function that runs a command on a database and returns what it prints.
func commandOn(t *testing.T, url string) func(args ...string) string {
	return func(args ...string) string {
		t.Helper()
		printed, err := runCommand(t, "", append([]string{"--database", url}, args...)...)
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, printed)
		}
		return printed
	}
}

// file writes a text to a new file and returns its path.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "document.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAssignParsesNamesAndTimes(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "usage.db")
	commandOn(t, url)("import", "elevate", file(t, `[{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":null}]`))
	for _, tt := range []struct{ args, want string }{
		{"dxp:MSISDN:7875550001 --from 2025-03-01 --to 2025-06-01", "MSISDN +17875550001 is assigned to elevate:17, from 2025-03-01T00:00:00Z to 2025-06-01T00:00:00Z."},
		{"brm:SIM:8931087112345678901 --from 2025-03-01T00:00:00+01:00 --to 2025-06-01", "SIM 8931087112345678901 is assigned to elevate:17, from 2025-02-28T23:00:00Z to 2025-06-01T00:00:00Z."},
		{"elevate:msisdn:8201 --from 2025-03-01 --to 2025-06-01", "MSISDN 8201 of elevate is assigned to elevate:17"},
		{"elevate:C-1 --to 2025-06-01", "elevate:C-1 is assigned to elevate:17, until 2025-06-01T00:00:00Z."},
		{"dxp:MSISDN:7875550001", "--from and --to are required"},
		{"dxp:MSISDN:nobody --from 2025-03-01 --to 2025-06-01", `"nobody" is not a phone number`},
		{"dxp:SIM:1 --from 2025-03-01 --to 2025-06-01", `"1" is not a SIM card number`},
		{"dxp:+17875550001", `"+17875550001" is a number or card: want dxp:MSISDN:+17875550001`},
		{"dxp:n/a", `"n/a" is masked or a placeholder`},
		{"brm:447700900124", `"447700900124" is a number or card: want brm:MSISDN:447700900124`},
		{"brm:0770090", `"0770090" is a number or card`},
		{"dxp:SubscriptionId:S-7", "dxp:S-7 is assigned to elevate:17, at all times."},
		{"brm:SubscriptionId:S-7", "only dxp has subscription IDs"},
		{"dxp:MSISDN:+447700900123 --from 0001-01-01 --to 9999-12-31", "want a later --from"},
		{"sap:1", `"sap:1": want system:id`},
		{"dxp:S-1 --from 2025-06-01 --to 2025-03-01", "--to 2025-03-01 is not after --from 2025-06-01"},
		{"dxp:S-1 --from yesterday", `--from "yesterday": want a day`},
		{"dxp:S-1 --customer dxp:7", "dxp's documents name no customers"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			args := append([]string{"--database", url, "assign", "--yes", "--customer", "elevate:17"}, strings.Fields(tt.args)...)
			printed, err := runCommand(t, "", args...)
			if err != nil {
				printed += err.Error()
			}
			if !strings.Contains(printed, tt.want) {
				t.Errorf("no %q in %s", tt.want, printed)
			}
		})
	}
	if _, err := runCommand(t, "", "--database", url, "assign", "dxp:S-9", "--customer", "elevate:17"); err == nil || !strings.Contains(err.Error(), "without a terminal, confirm with --yes") {
		t.Error(err)
	}
}
