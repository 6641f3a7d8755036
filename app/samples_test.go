package app

import (
	"context"
	"strings"
	"testing"

	"usagegraph/db"
)

func TestOnlyFirstStartLoadsSamples(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Run("first", func(t *testing.T) {
		base, printed := start(t)
		for _, want := range []string{"usagegraph.db is new", "usage-consumption-prepaid.json", "demo elevate", "/graphql"} {
			if !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
		if n := count(t, base, "usageRecords"); n != 4003 {
			t.Errorf("%d usage records", n)
		}
		if n := count(t, base, "customers"); n != 23 {
			t.Errorf("%d customers", n)
		}
	})
	t.Run("second", func(t *testing.T) {
		base, printed := start(t)
		if strings.Contains(printed, "new") || count(t, base, "usageRecords") != 4003 {
			t.Errorf("it was loaded again:\n%s", printed)
		}
	})
}

func TestStartAfterImportLoadsNoSamples(t *testing.T) {
	document := sample(t, "brm/sample/brm-usage.json")
	t.Chdir(t.TempDir())
	if printed, err := runCommand(t, "", "import", "brm", document); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t)
	if n := count(t, base, "usageRecords"); n != 2 {
		t.Errorf("%d usage records", n)
	}
}

// stopWriter calls stop when a text has been written to it.
type stopWriter struct {
	syncBuffer
	text string
	stop func()
}

func (s *stopWriter) Write(p []byte) (int, error) {
	n, err := s.syncBuffer.Write(p)
	if strings.Contains(s.String(), s.text) {
		s.stop()
	}
	return n, err
}

// TestInterruptedFirstStartIsContinued interrupts the first start before, within and after the documented samples.
func TestInterruptedFirstStartIsContinued(t *testing.T) {
	for _, text := range []string{"usagegraph.db is new", "brm-usage.json", "demo brm"} {
		t.Run("stopped after "+text, func(t *testing.T) {
			t.Chdir(t.TempDir())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &stopWriter{text: text, stop: cancel}
			if err := Run(ctx, schema, []string{"--addr", "127.0.0.1:0"}, nil, out, out); err == nil || !strings.Contains(err.Error(), "run the command again to continue") {
				t.Fatalf("%v\n%s", err, out)
			}
			checkNextStarts(t)
		})
	}
	t.Run("killed in the first document", func(t *testing.T) {
		t.Chdir(t.TempDir())
		if printed, err := runCommand(t, "", "migrate"); err != nil {
			t.Fatal(err, printed)
		}
		store, err := db.Open(t.Context(), defaultDatabase, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := store.StartImport(t.Context(), db.STN, "sample/query-usage-subscription.json"); err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		checkNextStarts(t)
	})
}

// checkNextStarts starts the server twice: the first start loads the rest of the samples, the second nothing.
func checkNextStarts(t *testing.T) {
	t.Helper()
	t.Run("next", func(t *testing.T) {
		base, printed := start(t)
		if !strings.Contains(printed, "usagegraph.db: an earlier load of the samples was interrupted: loading the rest") {
			t.Errorf("printed\n%s", printed)
		}
		if records, customers := count(t, base, "usageRecords"), count(t, base, "customers"); records != 4003 || customers != 23 {
			t.Errorf("%d usage records, %d customers", records, customers)
		}
	})
	t.Run("the one after it", func(t *testing.T) {
		if _, printed := start(t); strings.Contains(printed, "loading") {
			t.Errorf("it was loaded again:\n%s", printed)
		}
	})
}
