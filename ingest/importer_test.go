package ingest_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// importer imports into a store from all four systems, with the settings that the program has by itself.
func importer(t testing.TB, store *db.Store) *ingest.Importer {
	t.Helper()
	zone, err := time.LoadLocation("America/Puerto_Rico")
	if err != nil {
		t.Fatal(err)
	}
	e, err := elevate.Source(elevate.Settings{Currency: "GBP"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := stn.Source(stn.Settings{Currency: "EUR"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := dxp.Source(dxp.Settings{Location: zone, BusinessID: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	return &ingest.Importer{Store: store, Sources: []ingest.Source{e, brm.Source(), s, d}}
}

// importing imports a document that can be read to its end.
func importing(t testing.TB, store *db.Store, source db.Source, document io.Reader) ingest.Report {
	t.Helper()
	report, err := importer(t, store).Import(context.Background(), source, "test.json", document)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	if report.Read != report.New+report.Changed+report.Unchanged+report.Rejected {
		t.Errorf("%s: the counts do not add up: %s", source, report)
	}
	return report
}

var samples = map[db.Source]fs.FS{db.BRM: brm.Samples, db.Elevate: elevate.Samples, db.STN: stn.Samples, db.DXP: dxp.Samples}

// sample opens the documents of a system's page, one after another.
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

// asked returns what a statement selects, a line a row.
func asked(t testing.TB, url, statement string) []string {
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

func all(t testing.TB, document io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(document)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheSamplesGoInOnce(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		var want []string
		for _, round := range []string{"first", "second"} {
			for source, n := range map[db.Source]int64{db.BRM: 2, db.Elevate: 1, db.STN: 3, db.DXP: 2} {
				report := importing(t, store, source, sample(t, source))
				expected := ingest.Report{File: "test.json", Read: n, New: n, Bytes: int64(len(all(t, sample(t, source))))}
				if round == "second" {
					expected.New, expected.Unchanged = 0, n
				}
				if diff := cmp.Diff(expected, report); diff != "" {
					t.Errorf("%s, %s time: %s", source, round, diff)
				}
				want = append(want, fmt.Sprintf("%s test.json DONE %d %d 0 %d 0 %s ended", source, n, expected.New, expected.Unchanged, digestOf(all(t, sample(t, source)))))
			}
		}
		if diff := cmp.Diff(want, asked(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		counts := asked(t, url, `SELECT (SELECT COUNT(*) FROM usage_records), (SELECT COUNT(*) FROM rated_usages), (SELECT COUNT(*) FROM usage_summaries),
			(SELECT COUNT(*) FROM usage_summary_lines), (SELECT COUNT(*) FROM consumption_reports), (SELECT COUNT(*) FROM buckets)`)
		if diff := cmp.Diff([]string{"3 3 3 7 2 16"}, counts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestMadeUpDocumentsGoInOnce(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 4, Records: 2400, Months: 2}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, source := range []db.Source{db.BRM, db.Elevate, db.STN, db.DXP} {
			first := importing(t, store, source, set.Document(source))
			if first.Read == 0 || first.New != first.Read {
				t.Errorf("%s: %s", source, first)
			}
			if again := importing(t, store, source, set.Document(source)); again.Read != first.Read || again.Unchanged != first.Read {
				t.Errorf("%s again: %s", source, again)
			}
		}
	})
}

func TestAChangedRecordIsReplaced(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		text := all(t, sample(t, db.STN))
		importing(t, store, db.STN, strings.NewReader(text))
		const state = `SELECT s.id, s.source_id, s.total_amount, (SELECT COUNT(*) FROM usage_summary_lines l WHERE l.summary_id = s.id),
			(SELECT COUNT(*) FROM buckets b WHERE b.summary_id = s.id), (SELECT MIN(id) FROM buckets b WHERE b.summary_id = s.id) FROM usage_summaries s ORDER BY s.id`
		want := asked(t, url, state)
		want[0] = strings.Replace(want[0], " 0 ", " 1.50 ", 1)
		changed := strings.Replace(text, `"amountTotalUsage": 0,`, `"amountTotalUsage": 1.50,`, 1)
		if report := importing(t, store, db.STN, strings.NewReader(changed)); report.Changed != 1 || report.Unchanged != 2 {
			t.Errorf("changed: %s", report)
		}
		if diff := cmp.Diff(want, asked(t, url, state)); diff != "" {
			t.Error(diff)
		}
		if report := importing(t, store, db.STN, strings.NewReader(changed)); report.Unchanged != 3 {
			t.Errorf("the same again: %s", report)
		}
	})
}

func TestADocumentOfAnotherSystemIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		var want []string
		for _, as := range []db.Source{db.BRM, db.Elevate, db.STN, db.DXP} {
			for _, is := range []db.Source{db.BRM, db.Elevate, db.STN, db.DXP} {
				if as == is {
					continue
				}
				report, err := importer(t, store).Import(context.Background(), as, "test.json", sample(t, is))
				var wrong *ingest.WrongSystemError
				if !errors.As(err, &wrong) || *wrong != (ingest.WrongSystemError{Want: as, Found: is}) {
					t.Errorf("%s as %s: %v", is, as, err)
				}
				if report.Read != 0 {
					t.Errorf("%s as %s: %s", is, as, report)
				}
				want = append(want, string(as)+" test.json FAILED 0 0 0 0 0 no digest ended")
			}
		}
		if diff := cmp.Diff(want, asked(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		for _, table := range []string{"customers", "customer_identifiers", "subscriptions", "subscription_identifiers", "usage_records", "usage_summaries", "consumption_reports", "buckets"} {
			if n := asked(t, url, "SELECT COUNT(*) FROM "+table); n[0] != "0" {
				t.Errorf("%s rows in %s", n[0], table)
			}
		}
	})
}

func TestARecordOfAnotherSystemIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		rejects, report := rejected(t, store, db.Elevate, `{"id":1,"eventDate":"2025-01-01T00:00:00Z"}`+"\n"+`{"id":"m","customerId":"c","subscriptionId":"s","yearMonth":"2025_01"}`+"\n")
		if diff := cmp.Diff([]string{"test.json, record 2 (byte 44): this is a record of STN, not of ELEVATE"}, rejects); diff != "" || report.New != 1 {
			t.Errorf("%s %s", report, diff)
		}
	})
}

// rejected imports a document and returns what of it was rejected.
func rejected(t testing.TB, store *db.Store, source db.Source, document string) ([]string, ingest.Report) {
	t.Helper()
	im := importer(t, store)
	var rejects []string
	im.Reject = func(r ingest.Reject) { rejects = append(rejects, r.String()) }
	report, err := im.Import(context.Background(), source, "test.json", strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	if int(report.Rejected) != len(rejects) {
		t.Errorf("%s, but %d rejects", report, len(rejects))
	}
	return rejects, report
}

// TestOneBadRecordIsRejectedAlone has each record between two good ones.
func TestOneBadRecordIsRejectedAlone(t *testing.T) {
	t.Parallel()
	const before, after = `[{"id":1,"eventDate":"2025-01-01T00:00:00Z"},`, `,{"id":2,"eventDate":"2025-01-01T00:00:00Z"}]`
	tests := []struct{ name, record, want string }{
		{"no id", `{"eventDate":"2025-01-01T00:00:00Z"}`, "id: missing"},
		{"a time without a zone", `{"id":3,"eventDate":"2025-01-01T00:00:00"}`, "eventDate: want a date and time with its offset, such as 2025-01-31T22:15:00Z"},
		{"a field of another type", `{"id":3,"eventDate":true}`, "eventDate: want a string, not a boolean"},
		{"a number that would be rounded", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","sellPrice":0.12345678901234567890}`,
			"sellPrice: a decimal has at most 19 significant digits and 19 decimal places"},
		{"a member twice", `{"id":3,"id":4,"eventDate":"2025-01-01T00:00:00Z"}`, `id: duplicate object member name`},
		{"a NUL character", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","destination":"a\u0000b"}`, "destination: text must not hold a NUL character"},
		{"a NUL character deep in what is kept", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","more":{"list":[1,{"text":"\u0000"}]}}`, "more.list[1].text: text must not hold a NUL character"},
		{"a NUL character in a name", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","a\u0000b":1}`, "text must not hold a NUL character"},
		{"text that is not UTF-8", "{\"id\":3,\"eventDate\":\"2025-01-01T00:00:00Z\",\"destination\":\"a\xffb\"}", "destination: "},
		{"half a surrogate pair", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","destination":"\ud800"}`, "destination: "},
		{"a plain value", `"text"`, "want an object, not a string"},
		{"null", `null`, "want an object, not null"},
		{"an array", `[{"id":3,"eventDate":"2025-01-01T00:00:00Z"}]`, "want an object, not an array"},
		{"an empty object", `{}`, "id: missing"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				rejects, report := rejected(t, store, db.Elevate, before+tt.record+after)
				want := fmt.Sprintf("test.json, record 2 (byte %d): ", len(before))
				if len(rejects) != 1 || !strings.HasPrefix(rejects[0], want) || !strings.Contains(rejects[0], tt.want) || report.New+report.Unchanged != 2 || report.Read != 3 {
					t.Errorf("%s: %q, want %s%s", report, rejects, want, tt.want)
				}
			})
		}
	})
}

func TestABrokenDocumentKeepsWhatCameBefore(t *testing.T) {
	t.Parallel()
	text := all(t, demo.Set{Customers: 3, Records: 2500, Months: 1}.Document(db.Elevate))
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		cut := text[:len(text)/2]
		complete := int64(strings.Count(cut, "},") + strings.Count(cut, "}\n"))
		report, err := importer(t, store).Import(context.Background(), db.Elevate, "test.json", strings.NewReader(cut))
		if err == nil || !strings.Contains(err.Error(), "ends in the middle") || report.Read != complete || report.New != complete {
			t.Errorf("%s, want %d; %v", report, complete, err)
		}
		whole := importing(t, store, db.Elevate, strings.NewReader(text))
		if whole.Unchanged != complete || whole.New != whole.Read-complete {
			t.Errorf("the whole document: %s", whole)
		}
		want := []string{
			fmt.Sprintf("ELEVATE test.json FAILED %d %d 0 0 0 no digest ended", complete, complete),
			fmt.Sprintf("ELEVATE test.json DONE %d %d 0 %d 0 %s ended", whole.Read, whole.Read-complete, complete, digestOf(text)),
		}
		if diff := cmp.Diff(want, asked(t, url, runs)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAStoppedImportGoesOn(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 3, Records: 3000, Months: 1}
	text := all(t, set.Document(db.Elevate))
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		ctx, cancel := context.WithCancel(context.Background())
		im := importer(t, store)
		var seen []int64
		im.Progress = func(r ingest.Report) {
			seen = append(seen, r.Read)
			cancel()
		}
		report, err := im.Import(ctx, db.Elevate, "test.json", strings.NewReader(text))
		if err != nil || !report.Stopped || report.Read != 1000 || report.New != 1000 || !slices.Equal(seen, []int64{1000}) {
			t.Errorf("stopped: %s, %v, %v; progress %v", report, report.Stopped, err, seen)
		}
		if report.Bytes == 0 || report.Bytes >= int64(len(text)) {
			t.Errorf("%d of %d bytes were read", report.Bytes, len(text))
		}
		rest := importing(t, store, db.Elevate, strings.NewReader(text))
		if rest.Stopped || rest.Unchanged != 1000 || rest.New != rest.Read-1000 {
			t.Errorf("the rest: %s", rest)
		}
		want := []string{
			"ELEVATE test.json STOPPED 1000 1000 0 0 0 no digest ended",
			fmt.Sprintf("ELEVATE test.json DONE %d %d 0 1000 0 %s ended", rest.Read, rest.Read-1000, digestOf(text)),
		}
		if diff := cmp.Diff(want, asked(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		if n := asked(t, url, "SELECT COUNT(*), COUNT(DISTINCT source_id) FROM usage_records"); n[0] != fmt.Sprint(rest.Read, " ", rest.Read) {
			t.Errorf("%s records, want %d", n, rest.Read)
		}
	})
}

func TestProgressIsToldAfterEachBatch(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 3, Records: 2800, Months: 1}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		im := importer(t, store)
		var read, bytes []int64
		im.Progress = func(r ingest.Report) { read, bytes = append(read, r.Read), append(bytes, r.Bytes) }
		report, err := im.Import(context.Background(), db.Elevate, "test.json", set.Document(db.Elevate))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int64{1000, 2000, report.Read}, read); diff != "" || !slices.IsSorted(bytes) || bytes[2] != report.Bytes {
			t.Errorf("%s, bytes %v", diff, bytes)
		}
	})
}

func TestADocumentWithoutRecordsIsDone(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		for _, text := range []string{"", "[]", `{"offset":0,"total":0,"results":[]}`} {
			if report := importing(t, store, db.STN, strings.NewReader(text)); report.Read != 0 {
				t.Errorf("%q: %s", text, report)
			}
		}
		if got := asked(t, url, runs); len(got) != 3 || !strings.HasPrefix(got[1], "STN test.json DONE 0 0 0 0 0 "+digestOf("[]")) {
			t.Errorf("%q", got)
		}
	})
}
