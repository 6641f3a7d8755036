package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// TestLinkPreviewListsClientsThatSeeMore links a customer with one that is already linked.
func TestLinkPreviewListsClientsThatSeeMore(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		folder := t.TempDir()
		run := func(args ...string) string {
			t.Helper()
			printed, err := runCommand(t, "", append([]string{"--database", url}, args...)...)
			if err != nil {
				t.Fatal(err, printed)
			}
			return printed
		}
		for source, text := range map[string]string{
			"elevate": `[{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z"},{"id":2,"customerId":18,"eventDate":"2025-01-01T00:00:00Z"}]`,
			"stn":     `{"id":"m","subscriptionId":"s","customerId":"c","phoneNumber":"+31 6-12345678","yearMonth":"2025_01"}`,
		} {
			file := filepath.Join(folder, source+".json")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			run("import", source, file)
		}
		run("link", "--yes", "--create", "stn:c", "brm:a")
		for name, scope := range map[string][]string{"w": {"elevate:17"}, "v": {"brm:a"}, "x": {"elevate:18"}, "both": {"elevate:17", "stn:c"}, "all": nil} {
			args := []string{"client", "create", name}
			for _, customer := range scope {
				args = append(args, "--customer", customer)
			}
			run(args...)
		}
		printed := run("link", "--yes", "elevate:17", "stn:c")
		var gains []string
		for line := range strings.Lines(printed) {
			if strings.HasPrefix(line, "Client ") {
				fields := strings.Fields(line)
				gains = append(gains, strings.Join(append(fields[1:2:2], fields[3:]...), " "))
			}
		}
		if got := strings.Join(gains, "\n"); got != "v will also see elevate:17.\nw will also see brm:a, stn:c." {
			t.Error(printed)
		}
	})
}
