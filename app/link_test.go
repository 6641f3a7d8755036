package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db/dbtest"
)

// TestLinkAndUnlinkMoveReports imports records of two systems with the same phone number. Without a link, two customers
// have the number, so a report with the number belongs to neither.
func TestLinkAndUnlinkMoveReports(t *testing.T) {
	t.Parallel()
	const query = `{consumptionReports {nodes {attribution customer {identifiers {source value}} subscription {sourceId}}} subscriptions {totalCount}}`
	const apart = `{"consumptionReports":{"nodes":[{"attribution":null,"customer":null,"subscription":{"sourceId":"7875550001"}}]},"subscriptions":{"totalCount":3}}`
	const linked = `{"consumptionReports":{"nodes":[{"attribution":"WINDOW","customer":{"identifiers":[{"source":"ELEVATE","value":"17"},{"source":"STN","value":"A"}]},"subscription":{"sourceId":"s1"}}]},"subscriptions":{"totalCount":1}}`
	link, unlink := []string{"link", "--yes", "stn:A", "elevate:17"}, []string{"unlink", "--yes", "stn:A", "elevate:17"}
	imports := [][]string{{"import", "stn", "testdata/link/1-summary.json"}, {"import", "elevate", "testdata/link/2-calls.json"}, {"import", "dxp", "testdata/link/3-report.json"}}
	early := append([][]string{{"link", "--yes", "--create", "stn:A", "elevate:17"}}, imports...)
	for _, tt := range []struct {
		name  string
		steps [][]string
		want  []string // the answers after the fourth step and each later one
	}{
		{"link after the imports", append(imports, link, unlink), []string{linked, apart}},
		{"link before the imports", append(early, unlink, link), []string{linked, apart, linked}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachURL(t, func(t *testing.T, url string) {
				settings := []string{"--database", url, "--stn-region=PR"}
				base := ""
				for i, step := range tt.steps {
					if printed, err := runCommand(t, "", append(settings[:2:2], append([]string{"--stn-region=PR"}, step...)...)...); err != nil {
						t.Fatal(err, printed)
					}
					if base == "" && i >= 2 {
						base, _ = start(t, settings...)
					}
					if i < 3 {
						continue
					}
					if diff := cmp.Diff(tt.want[i-3], (identityQuery{query: query}).run(t, base, [2]string{})); diff != "" {
						t.Errorf("after %v: %s", step, diff)
					}
				}
			})
		})
	}
}

func TestLinkRefusesProbableMistakes(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		calls := filepath.Join(t.TempDir(), "calls.json")
		if err := os.WriteFile(calls, []byte(`[{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":null},{"id":2,"customerId":18,"eventDate":"2025-01-01T00:00:00Z","serviceId":null}]`), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			args []string
			want string
		}{
			{[]string{"link", "elevate:17", "stn:no-such-id"}, "no document names elevate:17, stn:no-such-id"},
			{[]string{"import", "elevate", calls}, ""},
			{[]string{"client", "create", "w", "--customer", "elevate:17"}, ""},
			{[]string{"link", "elevate:17", "stn:c-typo"}, "no document names stn:c-typo"},
			{[]string{"link", "--yes", "elevate:17", "elevate:18"}, "elevate:17 and elevate:18 are two customers of one system"},
			{[]string{"link", "--same-system", "elevate:17", "elevate:18"}, "without a terminal, confirm with --yes"},
			{[]string{"unlink", "elevate:17", "elevate:18"}, "elevate:17 and elevate:18 are not linked"},
			{[]string{"link", "--yes", "--same-system", "elevate:17", "elevate:18"}, ""},
			{[]string{"unlink", "elevate:18", "elevate:17"}, "without a terminal, confirm with --yes"},
			{[]string{"unlink", "--yes", "elevate:18", "elevate:17"}, ""},
		} {
			printed, err := runCommand(t, "", append([]string{"--database", url}, tt.args...)...)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%v: %v, want %q: %s", tt.args, err, tt.want, printed)
			}
		}
	})
}

// TestLinkTakesEffectAtOnceForClients queries immediately after a link and its removal: cached scopes of clients must
// be invalidated.
func TestLinkTakesEffectAtOnceForClients(t *testing.T) {
	t.Parallel()
	const query = `{usageRecords(orderBy: {field: SOURCE_ID, direction: ASC}) {nodes {sourceId}} customers {nodes {sourceId}}}`
	const own = `{"usageRecords":{"nodes":[{"sourceId":"2"}]},"customers":{"nodes":[{"sourceId":"18"}]}}`
	const both = `{"usageRecords":{"nodes":[{"sourceId":"1"},{"sourceId":"2"}]},"customers":{"nodes":[{"sourceId":"17"}]}}`
	dbtest.EachURL(t, func(t *testing.T, url string) {
		run := commandOn(t, url)
		run("import", "elevate", file(t, `[{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":null},{"id":2,"customerId":18,"eventDate":"2025-01-01T00:00:00Z","serviceId":null}]`))
		secrets := createClients(t, []string{"--database", url}, []identityQuery{{client: "elevate:18"}})
		base, _ := start(t, "--database", url)
		check := func(when, want string) {
			t.Helper()
			if diff := cmp.Diff(want, (identityQuery{query: query}).run(t, base, secrets["elevate:18"])); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
		check("before", own)
		run("link", "--yes", "--same-system", "elevate:17", "elevate:18")
		check("linked", both)
		run("unlink", "--yes", "elevate:17", "elevate:18")
		check("unlinked", own)
	})
}
