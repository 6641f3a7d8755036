package app

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db/dbtest"
)

// graphQuery selects records of all tables that are in the GraphQL schema.
const graphQuery = `{customers(first: 50) {nodes {id name subscriptions(first: 5) {nodes {id phoneNumber identifiers {kind value source validFrom validTo}
	usageRecords(first: 5) {nodes {id eventTime usageType rated {taxExcluded {amount currency}}}}
	usageSummaries(first: 2) {nodes {id yearMonth lines {code volumeText amount {amount}}}}
	buckets(first: 2) {nodes {id name unlimited used {text} remaining {text} balances {remaining {text}}}}}}}}
	usageRecords(first: 200) {totalCount nodes {id sourceId eventTime attribution}} consumptionReports(first: 50) {nodes {id effectiveAt}}}`

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// answerTo returns a server's answer to a query.
func answerTo(t *testing.T, base, query string) string {
	t.Helper()
	body := `{"query":"` + strings.NewReplacer("\n", " ", "\t", " ").Replace(query) + `"}`
	answer, err := http.Post(base+"/graphql", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text := must(io.ReadAll(answer.Body))
	if answer.StatusCode != http.StatusOK || bytes.Contains(text, []byte(`"errors"`)) {
		t.Fatalf("%d: %s", answer.StatusCode, text)
	}
	return string(text)
}

// TestRestoredDatabaseHasTheSameAnswers makes the backup while the server runs.
func TestRestoredDatabaseHasTheSameAnswers(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if _, err := runCommand(t, "", "--database", url, "demo", "--customers", "12", "--records", "600"); err != nil {
			t.Fatal(err)
		}
		base, _ := start(t, "--database", url)
		want, wantREST := answerTo(t, base, graphQuery), brmPage(t, base)
		file := filepath.Join(t.TempDir(), "test.backup")
		printed, err := runCommand(t, "", "--database", url, "backup", file)
		if err != nil || !regexp.MustCompile(`backed up \d+ tables, 5,\d\d\d rows, \d+ kB to `+regexp.QuoteMeta(file)+"\n").MatchString(printed) {
			t.Fatalf("%v: %s", err, printed)
		}
		if _, err := runCommand(t, "", "--database", url, "restore", file); err == nil || !strings.Contains(err.Error(), "restore: the database is not empty") {
			t.Errorf("onto the server's own database: %v", err)
		}
		dbtest.EachURL(t, func(t *testing.T, url string) {
			printed, err := runCommand(t, "", "--database", url, "restore", file)
			if err != nil || !strings.Contains(printed, "restored ") || strings.Contains(printed, "older version") {
				t.Fatalf("%v: %s", err, printed)
			}
			base, _ := start(t, "--database", url)
			if diff := cmp.Diff(want, answerTo(t, base, graphQuery)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(wantREST, brmPage(t, base)); diff != "" {
				t.Error(diff)
			}
		})
	})
}

// brmPage returns a page of brm's endpoint without the server's address.
func brmPage(t *testing.T, base string) string {
	t.Helper()
	code, body := get(t, base+"/brm/usageManagement/v4/usage?limit=50")
	if code != http.StatusOK || len(body) < 1000 {
		t.Fatalf("%d: %s", code, body)
	}
	return strings.ReplaceAll(body, base, "")
}

const (
	announced = "The migration rewrites rows, which cannot be undone and may take long: it attributes each record again to a customer and a subscription (34 rows); it derives lasting ids of records (55 rows)."
	noBackups = announced + " No backup is made; to make one, run usagegraph migrate --backup FILE instead.\n"
)

func TestMigrateAnnouncesRewritesAndMakesABackup(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		file := filepath.Join(t.TempDir(), "test.backup")
		dbtest.FillVersion3(t, url)
		printed, err := runCommand(t, "", "--database", url, "migrate", "--backup", file)
		if err != nil || !strings.HasPrefix(printed, announced+"\nbacked up 16 tables, 120 rows, ") || strings.Contains(printed, "No backup") {
			t.Errorf("%v: %s", err, printed)
		}
		if printed, err = runCommand(t, "", "--database", url, "migrate"); err != nil || printed != "The tables are up to date.\n" {
			t.Errorf("again: %v: %s", err, printed)
		}
		if _, err = runCommand(t, "", "--database", url, "migrate", "--backup", file); err == nil || !strings.Contains(err.Error(), "exists already") {
			t.Errorf("onto another backup: %v", err)
		}
		restored := dbtest.Another(t, url)
		printed, err = runCommand(t, "", "--database", restored, "restore", file)
		if err != nil || !strings.HasSuffix(printed, "attributes its 34 records again (docs/identity.md).\n") {
			t.Errorf("%v: %s", err, printed)
		}
		if printed, err = runCommand(t, "", "--database", restored, "migrate"); err != nil || !attributionNotice.MatchString(printed) {
			t.Errorf("%v: %s", err, printed)
		}
		for _, command := range []string{"migrate", "unattributed"} {
			old := dbtest.Another(t, url)
			dbtest.FillVersion3(t, old)
			if printed, err = runCommand(t, "", "--database", old, command); err != nil || !strings.HasPrefix(printed, noBackups) {
				t.Errorf("%s: %v: %s", command, err, printed)
			}
		}
	})
}

func TestAskForBackup(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{"\n": "", " a b.backup \n": "a b.backup"} {
		if got, err := askForBackup(streams{strings.NewReader(answer), nil, io.Discard}); got != want || err != nil {
			t.Errorf("%q: %q, %v", answer, got, err)
		}
	}
	if _, err := askForBackup(streams{strings.NewReader(""), nil, io.Discard}); err == nil {
		t.Error("end of input: no error")
	}
}

func TestRestoreOfDamagedBackupCreatesNoDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(folder+"/test.backup", []byte("usagegraph backup 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := runCommand(t, "", "--database", folder+"/test.db", "restore", folder+"/test.backup")
	if err == nil || !strings.Contains(err.Error(), "test.backup is cut off at its beginning") {
		t.Error(err)
	}
	if _, err := os.Stat(folder + "/test.db"); err == nil {
		t.Error("a database was created")
	}
}
