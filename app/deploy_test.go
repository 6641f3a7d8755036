package app

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSystemdUnitIsValidAndRestricted verifies the unit with the path of an existing program. Its exposure level must
// be at most 20 of 100; most services have more than 90.
func TestSystemdUnitIsValidAndRestricted(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("systemd is not installed")
	}
	text, err := os.ReadFile("../deploy/usagegraph.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "usagegraph.service")
	installed := strings.ReplaceAll(string(text), "/usr/local/bin/usagegraph", os.Args[0])
	if err := os.WriteFile(unit, []byte(installed), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"verify", "--man=no", unit}, {"security", "--offline=yes", "--threshold=20", unit}} {
		if out, err := exec.Command(analyze, arguments...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", arguments[0], err, out)
		}
	}
}

func TestHealthFollowsReadiness(t *testing.T) {
	t.Parallel()
	base, _, stop := startWithOutput(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	addr := strings.TrimPrefix(base, "http://")
	if _, err := runCommand(t, "", "health", "--addr", addr); err != nil {
		t.Error(err)
	}
	_, port, _ := strings.Cut(addr, ":")
	for _, addr := range []string{"0.0.0.0:", ":", "[::]:"} {
		// The proxies of the environment are read once per process.
		program := exec.CommandContext(t.Context(), os.Args[0], "health")
		program.Env = append(os.Environ(), runMainVariable+"=yes", "ADDR="+addr+port, "HTTP_PROXY=http://127.0.0.1:9", "NO_PROXY=localhost,127.0.0.1")
		if out, err := program.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("ADDR=%s%s with a proxy in the environment: %v %s", addr, port, err, out)
		}
	}
	stop()
	if _, err := runCommand(t, "", "health", "--addr", addr); err == nil {
		t.Error("a stopped server is healthy")
	}
	if _, err := runCommand(t, "", "serve", "--drain-delay", "1m"); err == nil {
		t.Error("a drain delay of a minute is accepted")
	}
}

func TestReadinessNamesADeletedDatabaseFile(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	base, _ := start(t, "--database", database)
	if err := os.Remove(database); err != nil {
		t.Fatal(err)
	}
	if status, body := get(t, base+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "the database file was deleted") {
		t.Errorf("%d %s", status, body)
	}
}
