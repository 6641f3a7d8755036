package app

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestSecondImportReportsNoChanges(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for source, document := range map[string]string{
			"brm": "brm/sample/brm-usage.json", "elevate": "elevate/sample/customer-usage-data.json",
			"stn": "stn/sample/query-usage-subscription.json", "dxp": "dxp/sample",
		} {
			first, err := runCommand(t, "", "--database", url, "import", source, sample(t, document))
			if err != nil || !strings.Contains(first, " new, 0 changed, 0 unchanged, 0 rejected") {
				t.Errorf("%s: %v\n%s", source, err, first)
			}
			second, err := runCommand(t, "", "--database", url, "import", source, sample(t, document))
			if err != nil || !strings.Contains(second, ": no changes") {
				t.Errorf("%s again: %v\n%s", source, err, second)
			}
			if n := printedRevision(t, first); n == 0 || printedRevision(t, second) < n {
				t.Errorf("%s: revisions\n%s%s", source, first, second)
			}
		}
	})
}

// printedRevision returns the revision that an import printed.
func printedRevision(t *testing.T, printed string) (revision int64) {
	t.Helper()
	last := regexp.MustCompile(`(?m)^revision \d+\n\z`).FindString(printed)
	if _, err := fmt.Sscanf(last, "revision %d", &revision); err != nil {
		t.Errorf("no revision in the last line of %s", printed)
	}
	return revision
}

func TestImportReadsAllDocumentForms(t *testing.T) {
	t.Parallel()
	const one, two = `{"id":1,"customerId":7,"eventDate":"2025-01-01T00:00:00Z"}`, `{"id":2,"customerId":7,"eventDate":"2025-01-02T00:00:00Z"}`
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte(one + "\n" + two))
	w.Close()
	folder := t.TempDir()
	for name, text := range map[string]string{"a.json": "[" + one + "," + two + "]", "b.ndjson": one + "\n" + two + "\n", "c.json.gz": zipped.String(), "notes.txt": "not a document"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, `{"offset":0,"results":[`+one+`,`+two+`],"total":2}`, "--database", url, "import", "elevate", folder, "-")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(printed, "a.json: 2 read: 2 new") || strings.Count(printed, "2 unchanged, 0 rejected: no changes") != 3 || !strings.Contains(printed, "4 documents: 8 read: 2 new, 0 changed, 6 unchanged, 0 rejected") {
			t.Error(printed)
		}
	})
}

func TestRejectedRecordsAreReportedAndOthersImported(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, `[{"id":1,"eventDate":"2025-01-01T00:00:00Z"},
{"id":2,"eventDate":"yesterday"},{"id":3,"eventDate":"2025-01-03T00:00:00Z","durationQuantity":"60"}]`, "--database", url, "import", "elevate", "-")
		if err == nil || !strings.Contains(err.Error(), "2 of 3 records were rejected") {
			t.Errorf("%v", err)
		}
		for _, want := range []string{"record 2 (byte 46): eventDate: ", "record 3 (byte 79): durationQuantity: want a number, not a string", "3 read: 1 new, 0 changed, 0 unchanged, 2 rejected"} {
			if !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
	})
}

func TestFolderIsImportedInNaturalOrderWithoutHiddenFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for i, name := range []string{"usage10.json", "usage2.json", "Usage1.ndjson", "day/usage9.json", "day/usage11.json", ".usage3.json", ".git/usage4.json", "day/.usage5.json", "notes.txt", "usage6.xml"} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, fmt.Appendf(nil, `[{"id":%d,"customerId":7,"eventDate":"2025-01-01T00:00:00Z"}]`, i), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url := filepath.Join(t.TempDir(), "test.db")
	printed, err := runCommand(t, "", "--database", url, "import", "elevate", folder)
	if err != nil {
		t.Fatal(err, printed)
	}
	at := 0
	for _, want := range []string{
		folder + ": skipped, hidden: .git, .usage3.json, " + filepath.FromSlash("day/.usage5.json") + "\n",
		folder + ": skipped, not .json, .ndjson, .jsonl or .csv, plain or with .gz: notes.txt, usage6.xml\n",
		"Usage1.ndjson: 1 read: 1 new", "usage9.json: 1 read: 1 new", "usage11.json: 1 read: 1 new", "usage2.json: 1 read: 1 new", "usage10.json: 1 read: 1 new", "5 documents: 5 read: 5 new",
	} {
		i := strings.Index(printed[at:], want)
		if i < 0 {
			t.Fatalf("%q is not in its place in\n%s", want, printed)
		}
		at += i
	}
}

func TestManySkippedFilesAreCounted(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for i := range 25 {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("note%d.txt", i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	printed, err := runCommand(t, "", "--database", filepath.Join(t.TempDir(), "test.db"), "import", "elevate", folder)
	if err == nil || !strings.Contains(err.Error(), "no .json, .ndjson, .jsonl or .csv files") || !strings.Contains(printed, ": note0.txt, note1.txt, note2.txt, ") || !strings.Contains(printed, ", note19.txt and 5 more\n") {
		t.Errorf("%v\n%s", err, printed)
	}
}

// TestUnknownFormatIsRefusedAndOtherDocumentsImported imports a file alone and together with others.
func TestUnknownFormatIsRefusedAndOtherDocumentsImported(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const record = `{"id":"1","date":"2025-01-01T00:00:00Z","type":"VOICE"}`
	for name, text := range map[string]string{"a.json": record, "b.json": "id,eventDate\n1,2025-01-01T00:00:00Z\n", "c.json": record, "d.json": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const refused = `b.json: this is CSV: want JSON: an array of records, an object with them in "results", or one record after another (NDJSON), plain or gzip`
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, "", "--database", url, "import", "brm", filepath.Join(folder, "b.json"))
		if err == nil || !strings.HasSuffix(err.Error(), refused) || printed != "" {
			t.Errorf("alone: %v\n%s", err, printed)
		}
		printed, err = runCommand(t, "", "--database", url, "import", "brm", folder)
		if err == nil || err.Error() != "2 of 4 documents were refused (see above); the others were imported" {
			t.Errorf("%v", err)
		}
		for _, want := range []string{"b.json: refused: this is CSV: ", "d.json: refused: this is an empty document: ", "c.json: 1 read: 0 new, 0 changed, 1 unchanged", "2 documents: 2 read: 1 new"} {
			if !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
	})
}

func TestManyRejectsAreCountedAndWrittenToAFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var document strings.Builder
	for i := range 3000 {
		switch {
		case i%1000 == 999:
			fmt.Fprintf(&document, `{"id":%d,"eventDate":"2025-01-01T00:00:00Z"}`+"\n", i)
		case i%2 == 0:
			document.WriteString(`{"eventDate":"2025-01-01T00:00:00Z"}` + "\n")
		default:
			fmt.Fprintf(&document, `{"id":%d,"eventDate":"2025-01-01T00:00:00Z","extra":[%s"\u0000"]}`+"\n", i, strings.Repeat("1,", i%7))
		}
	}
	file := filepath.Join(t.TempDir(), "usage.ndjson")
	if err := os.WriteFile(file, []byte(document.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	printed, err := runCommand(t, "", "--database", filepath.Join(t.TempDir(), "test.db"), "import", "elevate", file)
	if err == nil || err.Error() != "2997 of 3000 records were rejected (see above); the others were imported" {
		t.Errorf("%v", err)
	}
	if n := strings.Count(printed, "rejected: usage.ndjson, record "); n != 10 {
		t.Errorf("%d rejects are printed, want 5 of each kind\n%s", n, printed)
	}
	if want := "     1500  id: missing\n     1497  extra[]: text must not hold a NUL character\n"; !strings.Contains(printed, want) {
		t.Errorf("%q is not in\n%s", want, printed)
	}
	path := regexp.MustCompile(`All rejected records: (.+)\n`).FindStringSubmatch(printed)
	if path == nil {
		t.Fatalf("no path in\n%s", printed)
	}
	text, err := os.ReadFile(path[1])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != 2997 {
		t.Errorf("%d lines in the file", len(lines))
	}
	for i, want := range map[int]string{
		0:    `{"file":"` + file + `","record":1,"byte":0,"reason":"id: missing"}`,
		1:    `{"file":"` + file + `","record":2,"byte":37,"reason":"extra[1]: text must not hold a NUL character"}`,
		2996: `,"reason":"id: missing"}`,
	} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("line %d is %s, want %s", i+1, lines[i], want)
		}
	}
}

func TestOlderRecordsAreCounted(t *testing.T) {
	t.Parallel()
	record := func(loaded, amount string) string {
		return `{"id":1,"customerId":7,"eventDate":"2025-01-01T00:00:00Z","serviceId":"CIRCUIT-1","loadedDate":"` + loaded + `","durationQuantity":` + amount + `}`
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, tt := range []struct{ document, want string }{
			{record("2025-02-02", "60"), "1 read: 1 new, 0 changed, 0 unchanged, 0 rejected"},
			{record("2025-02-01", "61"), "1 read: 0 new, 0 changed, 0 unchanged, 1 older, kept, 0 rejected"},
			{record("2025-02-02", "62"), "1 read: 0 new, 1 changed, 0 unchanged, 0 rejected"},
			{`[` + record("2025-02-03", "63") + `,` + record("2025-01-31", "64") + `]`, "2 read: 0 new, 1 changed, 0 unchanged, 1 older, kept, 0 rejected"},
		} {
			printed, err := runCommand(t, tt.document, "--database", url, "import", "elevate", "-")
			if err != nil || !strings.Contains(printed, tt.want) {
				t.Errorf("%s: %v: %s, want %s", tt.document, err, printed, tt.want)
			}
		}
		base, _ := start(t, "--database", url)
		if _, body := get(t, base+"/customer-usage-data?page=1&pageSize=10&fields=durationQuantity"); !strings.Contains(body, `"durationQuantity":63`) {
			t.Errorf("stored: %s", body)
		}
	})
}

func TestImportReportsAttribution(t *testing.T) {
	t.Parallel()
	report := func(number, at string) string {
		return `{"description":"Usage Consumption Report for MSISDN ` + number + `","effectiveDate":"` + at + `"}`
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, tt := range []struct{ source, document, want string }{
			{"elevate", `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":"+44 7700 900123"}{"id":2,"customerId":17,"eventDate":"2025-02-01T00:00:00Z","serviceId":"+44 7700 900123"}`, "2 read: 2 new, 0 changed, 0 unchanged, 0 rejected\n"},
			{"dxp", report("447700900123", "2025-01-10T00:00:00Z") + report("447700900123", "2025-02-10T00:00:00Z") + report("447700900123", "2025-08-10T00:00:00Z"),
				"3 read: 3 new, 0 changed, 0 unchanged, 0 rejected; owners: 1 held, 1 by window, 1 unattributed\n"},
			{"elevate", `{"id":3,"customerId":18,"eventDate":"2025-03-01T00:00:00Z","serviceId":"+44 7700 900123"}`, "0 rejected; numbers of several customers: 1\n"},
		} {
			printed, err := runCommand(t, tt.document, "--database", url, "import", tt.source, "-")
			if err != nil || !strings.Contains(printed, tt.want) {
				t.Errorf("%s: %v: %s, want %s", tt.source, err, printed, tt.want)
			}
		}
	})
}

func TestDocumentOfAnotherSystemIsRefused(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "test.db")
	documents := map[string]string{"brm": "brm/sample/brm-usage.json", "elevate": "elevate/sample/customer-usage-data.json",
		"stn": "stn/sample/query-usage-subscription.json", "dxp": "dxp/sample/usage-consumption-prepaid.json"}
	for want := range documents {
		for is, document := range documents {
			if want == is {
				continue
			}
			_, err := runCommand(t, "", "--database", url, "import", want, sample(t, document))
			if err == nil || !strings.Contains(err.Error(), "usagegraph import "+is+" ") {
				t.Errorf("%s as %s: %v", is, want, err)
			}
		}
	}
}

func TestSuggestedLinksEscapeFormulas(t *testing.T) {
	t.Parallel()
	if name := "=1+2"; nameCell(&name) != "'=1+2" || nameCell(nil) != "" {
		t.Errorf("%q, %q", nameCell(&name), nameCell(nil))
	}
}

func TestSuggestedLinksCanBeImported(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for source, record := range map[string]string{
			"elevate": `{"id":1,"customerId":17,"serviceId":"+31612345678","eventDate":"2025-01-01T00:00:00Z"}`,
			"stn":     `{"id":"s","subscriptionId":"x","customerId":"abc","phoneNumber":"+31 6-12345678","yearMonth":"2025_01"}`,
		} {
			if printed, err := runCommand(t, record, "--database", url, "import", source, "-"); err != nil {
				t.Fatal(err, printed)
			}
		}
		suggested, err := runCommand(t, "", "--database", url, "link", "--suggest")
		if err != nil || !strings.Contains(suggested, "elevate:17") || !strings.Contains(suggested, "stn:abc") || !strings.Contains(suggested, "1 shared number") {
			t.Errorf("%v: %s", err, suggested)
		}
		linked, err := runCommand(t, suggested, "--database", url, "link", "--yes", "--file", "-")
		if err != nil || !strings.HasSuffix(linked, "1 pair: 1 linked, 0 were linked before\n") {
			t.Errorf("%v: %s", err, linked)
		}
		again, err := runCommand(t, "", "--database", url, "link", "--yes", "stn:abc", "elevate:17")
		if err != nil || !strings.HasSuffix(again, "1 pair: 0 linked, 1 were linked before\n") {
			t.Errorf("%v: %s", err, again)
		}
		base, _ := start(t, "--database", url)
		if customers, subscriptions := count(t, base, "customers"), count(t, base, "subscriptions"); customers != 1 || subscriptions != 1 {
			t.Errorf("%d customers with %d subscriptions", customers, subscriptions)
		}
		for _, wrong := range [][]string{{"dxp:1", "stn:abc"}, {"17", "stn:abc"}, {"stn:abc"}, {"sap:1", "stn:abc"}} {
			if _, err := runCommand(t, "", append([]string{"--database", url, "link"}, wrong...)...); err == nil {
				t.Errorf("%v was linked", wrong)
			}
		}
	})
}
