package ingest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
)

func TestBrokenDocumentKeepsTheRecordsBefore(t *testing.T) {
	t.Parallel()
	text := readAll(t, elevate.Demo(demo.Set{Customers: 3, Records: 2500, Months: 1}).Reader())
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
		if diff := cmp.Diff(want, queryRows(t, url, runs)); diff != "" {
			t.Error(diff)
		}
	})
}

// threeBatches returns an elevate document whose records are long enough for three batches.
func threeBatches(t *testing.T) string {
	text := readAll(t, elevate.Demo(demo.Set{Customers: 3, Records: 2500, Months: 1}).Reader())
	return strings.ReplaceAll(text, `"additionalInfoGeneral":null`, `"additionalInfoGeneral":"`+strings.Repeat("long ", 900)+`"`)
}

func TestStoppedImportContinues(t *testing.T) {
	t.Parallel()
	text := threeBatches(t)
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
		first := report.Read
		if err != nil || !report.Stopped || first == 0 || report.New != first || !slices.Equal(seen, []int64{first}) {
			t.Errorf("stopped: %s, %v, %v; progress %v", report, report.Stopped, err, seen)
		}
		if report.Bytes == 0 || report.Bytes >= int64(len(text)) {
			t.Errorf("%d of %d bytes were read", report.Bytes, len(text))
		}
		rest := importing(t, store, db.Elevate, strings.NewReader(text))
		if rest.Stopped || rest.Unchanged != first || rest.New != rest.Read-first || rest.New == 0 {
			t.Errorf("the rest: %s", rest)
		}
		want := []string{
			fmt.Sprintf("ELEVATE test.json STOPPED %d %d 0 0 0 no digest ended", first, first),
			fmt.Sprintf("ELEVATE test.json DONE %d %d 0 %d 0 %s ended", rest.Read, rest.Read-first, first, digestOf(text)),
		}
		if diff := cmp.Diff(want, queryRows(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		if n := queryRows(t, url, "SELECT COUNT(*), COUNT(DISTINCT source_id) FROM usage_records"); n[0] != fmt.Sprint(rest.Read, " ", rest.Read) {
			t.Errorf("%s records, want %d", n, rest.Read)
		}
	})
}

func TestProgressAfterEachBatch(t *testing.T) {
	t.Parallel()
	text := threeBatches(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		im := importer(t, store)
		var read, bytes []int64
		im.Progress = func(r ingest.Report) { read, bytes = append(read, r.Read), append(bytes, r.Bytes) }
		report, err := im.Import(context.Background(), db.Elevate, "test.json", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if len(read) != 3 || !slices.IsSorted(read) || read[2] != report.Read || !slices.IsSorted(bytes) || bytes[2] != report.Bytes {
			t.Errorf("records %v of %d, bytes %v of %d", read, report.Read, bytes, report.Bytes)
		}
	})
}
