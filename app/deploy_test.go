package app

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheSystemdUnitIsGood has systemd read the unit, with a program that is there, and say how exposed it is: of 100,
// where most services have more than 90.
func TestTheSystemdUnitIsGood(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("no systemd here")
	}
	text, err := os.ReadFile("../deploy/usagegraph.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "usagegraph.service")
	there := strings.ReplaceAll(string(text), "/usr/local/bin/usagegraph", os.Args[0])
	if err := os.WriteFile(unit, []byte(there), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"verify", "--man=no", unit}, {"security", "--offline=yes", "--threshold=20", unit}} {
		if out, err := exec.Command(analyze, arguments...).CombinedOutput(); err != nil {
			t.Errorf("systemd-analyze %s: %v\n%s", arguments[0], err, out)
		}
	}
}

func TestAContainerIsHealthyWhileTheServerIsReady(t *testing.T) {
	t.Parallel()
	base, _, stop := startLogged(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	addr := strings.TrimPrefix(base, "http://")
	if _, err := runCommand(t, "", "health", "--addr", addr); err != nil {
		t.Error(err)
	}
	stop()
	if _, err := runCommand(t, "", "health", "--addr", addr); err == nil {
		t.Error("a server that has stopped is healthy")
	}
	if _, err := runCommand(t, "", "serve", "--drain-delay", "1m"); err == nil {
		t.Error("a server may drain for a minute")
	}
}
