package ingest_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// importer returns an importer for all four systems with default settings.
func importer(t testing.TB, store *db.Store) *ingest.Importer {
	t.Helper()
	zone, err := time.LoadLocation("America/Puerto_Rico")
	if err != nil {
		t.Fatal(err)
	}
	e, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	b, err := brm.Source(brm.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := stn.Source(stn.Settings{Currency: "EUR", Region: "NL"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := dxp.Source(dxp.Settings{Location: zone, BusinessID: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	return &ingest.Importer{Store: store, Sources: []ingest.Source{e, b, s, d}}
}

// importing imports a document and fails the test if it cannot be read to its end.
func importing(t testing.TB, store *db.Store, source db.Source, document io.Reader) ingest.Report {
	t.Helper()
	report, err := importer(t, store).Import(context.Background(), source, "test.json", document)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	if report.Read != report.New+report.Changed+report.Unchanged+report.Older+report.Rejected {
		t.Errorf("%s: the counts do not add up: %s", source, report)
	}
	return report
}

var samples = map[db.Source]fs.FS{db.BRM: brm.Samples, db.Elevate: elevate.Samples, db.STN: stn.Samples, db.DXP: dxp.Samples}

// sample opens the sample documents of a system, one after another.
func sample(t testing.TB, source db.Source) io.Reader {
	t.Helper()
	names, err := fs.Glob(samples[source], "sample/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []io.Reader
	for _, name := range names {
		text, err := fs.ReadFile(samples[source], name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.NewReader(string(text)))
	}
	return io.MultiReader(all...)
}

// queryRows returns the rows of a query, each as one text.
func queryRows(t testing.TB, url, statement string) []string {
	t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(url, "postgres") {
		driver = "postgres"
	}
	pool, err := sql.Open(driver, url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	rows, err := pool.Query(statement)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			line = append(line, v.String)
		}
		lines = append(lines, strings.Join(line, " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

const runs = "SELECT source, file, state, read, new, changed, unchanged, rejected, COALESCE(digest, 'no digest'), CASE WHEN ended_at IS NULL THEN 'not ended' ELSE 'ended' END FROM imports ORDER BY id"

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func readAll(t testing.TB, document io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestImportSamplesTwice(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		var want []string
		for _, round := range []string{"first", "second"} {
			for source, n := range map[db.Source]int64{db.BRM: 2, db.Elevate: 1, db.STN: 3, db.DXP: 2} {
				report := importing(t, store, source, sample(t, source))
				expected := ingest.Report{File: "test.json", Read: n, New: n, Bytes: int64(len(readAll(t, sample(t, source))))}
				if source == db.BRM || source == db.DXP {
					expected.Unattributed = n // the samples name no customer, and numbers without evidence
				}
				if round == "second" {
					expected.New, expected.Unchanged, expected.Unattributed = 0, n, 0
				}
				report.ID, report.Revision = 0, 0
				if diff := cmp.Diff(expected, report); diff != "" {
					t.Errorf("%s, %s time: %s", source, round, diff)
				}
				want = append(want, fmt.Sprintf("%s test.json DONE %d %d 0 %d 0 %s ended", source, n, expected.New, expected.Unchanged, digestOf(readAll(t, sample(t, source)))))
			}
		}
		if diff := cmp.Diff(want, queryRows(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		counts := queryRows(t, url, `SELECT (SELECT COUNT(*) FROM usage_records), (SELECT COUNT(*) FROM rated_usages), (SELECT COUNT(*) FROM usage_summaries),
			(SELECT COUNT(*) FROM usage_summary_lines), (SELECT COUNT(*) FROM consumption_reports), (SELECT COUNT(*) FROM buckets)`)
		if diff := cmp.Diff([]string{"3 3 3 7 2 16"}, counts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestImportDemoSetTwice(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 4, Records: 2400, Months: 2}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, document := range sources.Demo(set) {
			first := importing(t, store, document.Source, document.Reader())
			if first.Read == 0 || first.New != first.Read {
				t.Errorf("%s: %s", document.Source, first)
			}
			if again := importing(t, store, document.Source, document.Reader()); again.Read != first.Read || again.Unchanged != first.Read {
				t.Errorf("%s again: %s", document.Source, again)
			}
		}
	})
}

func TestImportChangedRecord(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		text := readAll(t, sample(t, db.STN))
		importing(t, store, db.STN, strings.NewReader(text))
		const state = `SELECT s.id, s.source_id, s.total_amount, (SELECT COUNT(*) FROM usage_summary_lines l WHERE l.summary_id = s.id),
			(SELECT COUNT(*) FROM buckets b WHERE b.summary_id = s.id), (SELECT MIN(id_hash) FROM buckets b WHERE b.summary_id = s.id) FROM usage_summaries s ORDER BY s.id`
		want := queryRows(t, url, state)
		want[0] = strings.Replace(want[0], " 0 ", " 1.50 ", 1)
		changed := strings.Replace(text, `"amountTotalUsage": 0,`, `"amountTotalUsage": 1.50,`, 1)
		if report := importing(t, store, db.STN, strings.NewReader(changed)); report.Changed != 1 || report.Unchanged != 2 {
			t.Errorf("changed: %s", report)
		}
		if diff := cmp.Diff(want, queryRows(t, url, state)); diff != "" {
			t.Error(diff)
		}
		if report := importing(t, store, db.STN, strings.NewReader(changed)); report.Unchanged != 3 {
			t.Errorf("the same again: %s", report)
		}
	})
}

func TestImportWithoutRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		for _, text := range []string{"[ ]", "[]", `{"offset":0,"total":0,"results":[]}`} {
			if report := importing(t, store, db.STN, strings.NewReader(text)); report.Read != 0 {
				t.Errorf("%q: %s", text, report)
			}
		}
		if got := queryRows(t, url, runs); len(got) != 3 || !strings.HasPrefix(got[1], "STN test.json DONE 0 0 0 0 0 "+digestOf("[]")) {
			t.Errorf("%q", got)
		}
	})
}
