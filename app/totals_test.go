package app

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

// runOn runs a command on a database and returns its output.
func runOn(t *testing.T, url string, args ...string) (string, error) {
	t.Helper()
	return runCommand(t, "", append([]string{"--database", url}, args...)...)
}

func TestTotalsAreBuiltAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		dbtest.FillVersion3(t, url)
		base, out, stop := startWithOutput(t, "--database", url)
		store := dbtest.Open(t, url)
		for pending := true; pending; {
			var err error
			if pending, _, err = store.PendingTotals(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, base, "usageRecords"); n == 0 {
			t.Error("no usage records")
		}
		stop()
		if !strings.Contains(out.String(), "building the stored totals of ") {
			t.Errorf("printed: %s", out)
		}
		printed, err := runOn(t, url, "totals", "verify")
		if err != nil || !strings.Contains(printed, "The stored totals are those of the ") {
			t.Errorf("%v: %s", err, printed)
		}
	})
}

func TestTotalsCommands(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runOn(t, url, "demo", "--customers", "5", "--records", "300"); err != nil || strings.Contains(printed, "totals") {
			t.Fatalf("%v: %s", err, printed)
		}
		verify := func(want string) {
			t.Helper()
			printed, err := runOn(t, url, "totals", "verify")
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%v: %s", err, printed)
			}
		}
		verify("")
		driver := "sqlite"
		if strings.HasPrefix(url, "postgres") {
			driver = "postgres"
		}
		pool := must(sql.Open(driver, url))
		defer pool.Close()
		var days int
		if err := pool.QueryRow("SELECT COUNT(*) FROM usage_days").Scan(&days); err != nil {
			t.Fatal(err)
		}
		if _, err := pool.Exec("UPDATE usage_days SET records = records + 1"); err != nil {
			t.Fatal(err)
		}
		verify(fmt.Sprintf("%d stored totals differ (see above): usagegraph totals rebuild builds them again", days))
		if printed, err := runOn(t, url, "totals", "rebuild", "--month", "2025-06"); err != nil || !strings.Contains(printed, "usage records of 2025-06\n") {
			t.Errorf("%v: %s", err, printed)
		}
		verify(" stored totals differ")
		if printed, err := runOn(t, url, "totals", "rebuild"); err != nil || !strings.Contains(printed, "built the stored totals of ") {
			t.Errorf("%v: %s", err, printed)
		}
		verify("")
		if _, err := runOn(t, url, "totals", "rebuild", "--month", "June"); err == nil || !strings.Contains(err.Error(), "--month: want a month, such as 2025-01") {
			t.Error(err)
		}
	})
}

// TestInterruptedBuildContinues stops a rebuild after its first month. Then an import adds records of all months, and the next
// command continues.
func TestInterruptedBuildContinues(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runOn(t, url, "demo", "--customers", "5", "--records", "300"); err != nil {
			t.Fatalf("%v: %s", err, printed)
		}
		store := dbtest.Open(t, url)
		if err := store.DropTotals(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		out := &syncBuffer{}
		if err := buildTotals(ctx, store, streams{nil, out, out}); err == nil {
			t.Error("a cancelled build ended")
		}
		if _, more, err := store.BuildTotals(t.Context()); !more || err != nil {
			t.Fatal(more, err)
		}
		if pending, _, err := store.PendingTotals(t.Context()); !pending || err != nil {
			t.Fatalf("pending: %v, %v", pending, err)
		}
		if _, err := runOn(t, url, "totals", "verify"); err == nil || !strings.Contains(err.Error(), "the stored totals are being built") {
			t.Errorf("verified during a build: %v", err)
		}
		if printed, err := runOn(t, url, "demo", "--customers", "5", "--records", "600"); err != nil || !strings.Contains(printed, "built the stored totals of ") {
			t.Errorf("%v: %s", err, printed)
		}
		if printed, err := runOn(t, url, "totals", "verify"); err != nil {
			t.Errorf("%v: %s", err, printed)
		}
	})
}

// TestWritesDuringABuild imports while the stored totals are built several times.
func TestWritesDuringABuild(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runOn(t, url, "demo", "--customers", "5", "--records", "300"); err != nil {
			t.Fatalf("%v: %s", err, printed)
		}
		builder, importing := dbtest.Open(t, url), make(chan error)
		go func() {
			_, err := runOn(t, url, "demo", "--customers", "7", "--records", "2000")
			importing <- err
		}()
		out := &syncBuffer{}
		for range 20 {
			if err := builder.DropTotals(t.Context()); err != nil {
				t.Error(err)
			}
			if err := buildTotals(t.Context(), builder, streams{nil, out, out}); err != nil {
				t.Error(err)
			}
		}
		if err := <-importing; err != nil {
			t.Error(err)
		}
		if _, err := builder.VerifyTotals(context.Background(), func(line string) { t.Error(line) }, func(int64, int64) {}); err != nil {
			t.Error(err)
		}
	})
}
