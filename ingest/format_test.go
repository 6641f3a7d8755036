package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

const record = `{"id":1,"eventDate":"2025-01-01T00:00:00Z"}`

// inUTF16 encodes text in UTF-16, big endian or little endian.
func inUTF16(text string, big bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		if big {
			b.Write([]byte{byte(unit >> 8), byte(unit)})
		} else {
			b.Write([]byte{byte(unit), byte(unit >> 8)})
		}
	}
	return b.String()
}

func inGzip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestUnsupportedFormats(t *testing.T) {
	t.Parallel()
	const json = `JSON: an array of records, an object with them in "results", or one record after another (NDJSON), plain or gzip`
	const utf8 = "UTF-8 (iconv -f UTF-16 -t UTF-8 converts it)"
	const records = `an array of records, an object with them in "results", or one record after another (NDJSON)`
	tests := []struct{ name, text, found, want string }{
		{"nothing", "", "an empty document", json},
		{"white space", "\n \t\r\n", "an empty document", json},
		{"a byte order mark", "\ufeff", "an empty document", json},
		{"CSV", "id,customerId,eventDate\n1,77,2025-01-05T10:00:00Z\n", "CSV", json},
		{"CSV with quotes", "\ufeff\"id\";\"customerId\"\r\n\"1\";\"77\"\r\n", "CSV", json},
		{"CSV of numbers", "1,77\n2,78\n", "CSV", json},
		{"values separated by tabs", "id\tcustomerId\n1\t77\n", "CSV", json},
		{"XML", "<?xml version=\"1.0\"?>\n<usages>\n[\n</usages>", "XML", json},
		{"HTML", "\n<!DOCTYPE html>\n<title>502 Bad Gateway</title>", "an HTML page, such as an error page", json},
		{"HTML without a type", "<!-- x --><HTML lang=en>", "an HTML page, such as an error page", json},
		{"zip", "PK\x03\x04\x14\x00", "a zip archive or a spreadsheet", json},
		{"bzip2", "BZh91AY&SY", "bzip2", json},
		{"gzip twice", inGzip(inGzip(record)), "gzip within gzip", json},
		{"gzip of a tar archive", inGzip(strings.Repeat("x", 257) + "ustar\x00" + strings.Repeat("y", 500)), "a tar archive", json},
		{"gzip of CSV", inGzip("id,customerId\n1,77\n"), "CSV", json},
		{"gzip of nothing", inGzip(""), "an empty document", json},
		{"bytes", "\x80\x81\x82\n", "a binary file", json},
		{"text", "Not found\n", "text that is no JSON", json},
		{"plain values", "\"a\"\n\"b\"\n", "JSON without an object in it", json},
		{"UTF-16 with a mark, little endian", "\xff\xfe" + inUTF16(record, false), "UTF-16 text", utf8},
		{"UTF-16 with a mark, big endian", "\xfe\xff" + inUTF16(record, true), "UTF-16 text", utf8},
		{"UTF-16 without a mark, little endian", inUTF16("["+record+"]", false), "UTF-16 text", utf8},
		{"UTF-16 without a mark, big endian", inUTF16(record, true), "UTF-16 text", utf8},
		{"a wrapper", `{"data":[` + record + `]}`, `JSON with its records in "data"`, records},
		{"a wrapper with other members", `{"total":1,"links":[{"id":"next"}],"items":[` + record + `,{}],"more":1}`, `JSON with its records in "items"`, records},
		{"a wrapper that is long", `{"data":[` + record + strings.Repeat(","+record, 3000) + `]}`, `JSON with its records in "data"`, records},
		{"a wrapper in a wrapper", `{"response":{"usages":[` + record + `]}}`, `JSON with its records in "response.usages"`, records},
		{"a wrapper of one record", `{"usage":` + record + `}`, `JSON with its records in "usage"`, records},
		{"a list of wrappers", `[{"usage":` + record + `}]`, `JSON with its records in "usage"`, records},
		{"wrappers on lines", `{"usage":` + record + "}\n{\"usage\":" + record + "}\n", `JSON with its records in "usage"`, records},
		{"an envelope in a list", `[{"results":[` + record + `]}]`, `JSON with its records in "results"`, records},
		{"an envelope in a wrapper", `{"d":{"results":[` + record + `]}}`, `JSON with its records in "d.results"`, records},
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		store := dbtest.Open(t, url)
		for _, tt := range tests {
			im := importer(t, store)
			im.Reject = func(r ingest.Reject) { t.Errorf("%s: rejected %s", tt.name, r) }
			for range 2 {
				report, err := im.Import(context.Background(), db.BRM, "test.json", strings.NewReader(tt.text))
				var format *ingest.FormatError
				if !errors.As(err, &format) || *format != (ingest.FormatError{Found: tt.found, Want: tt.want}) || report.Read != 0 {
					t.Errorf("%s: %v, %s", tt.name, err, report)
				}
			}
		}
		if got := queryRows(t, url, runs); len(got) != 0 {
			t.Errorf("%d imports are stored", len(got))
		}
	})
}

func TestSupportedFormats(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text    string
		new, rejected int64
	}{
		{"a bad line first", "usage, January\n" + record + "\n", 1, 1},
		{"a byte order mark", "\ufeff" + record, 1, 0},
		{"an envelope", `{"offset":0,"results":[` + record + `],"meta":{}}`, 1, 0},
		{"an empty array", " [ ] ", 0, 0},
		{"a bad record with a record in it", `{"eventDate":"2025-01-01T00:00:00Z","copy":` + record + `}`, 0, 1},
		{"a record with records in it", `{"results":0,"copies":[` + record + `],"eventDate":"2025-01-01T00:00:00Z","id":1}`, 1, 0},
		{"an object that is no record", `{"error":"Unauthorized","links":[{"id":1}]}`, 0, 1},
		{"white space that is long", strings.Repeat("\n", 70_000) + record, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, store *db.Store) {
				report, err := importer(t, store).Import(context.Background(), db.Elevate, "test.json", iotest.HalfReader(strings.NewReader(tt.text)))
				if err != nil || report.New != tt.new || report.Rejected != tt.rejected {
					t.Errorf("%s, %v", report, err)
				}
			})
		})
	}
}

// TestRecordWithResults imports records on lines and in an array.
func TestRecordWithResults(t *testing.T) {
	t.Parallel()
	of := map[db.Source][]string{
		db.Elevate: {`{"id":1,"eventDate":"2025-01-01T00:00:00Z"}`, `{"id":2,"eventDate":"2025-01-01T00:00:00Z","results":[]}`, `{"id":3,"eventDate":"2025-01-01T00:00:00Z","results":[{"a":1}]}`},
		db.BRM:     {`{"id":"1","date":"2025-01-01T00:00:00Z","results":[1]}`, `{"id":"2","usageDate":"2025-01-01T00:00:00Z","results":[{"a":1}]}`},
		db.STN:     {`{"id":"1","subscriptionId":"s","customerId":"c","yearMonth":"2025_01","results":[{}]}`},
		db.DXP:     {`{"description":"Usage Consumption Report for MSISDN 8201","effectiveDate":"2025-01-01T00:00:00","results":[{"a":1}]}`},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for source, records := range of {
			n := int64(len(records))
			if report := importing(t, store, source, strings.NewReader(strings.Join(records, "\n"))); report.New != n || report.Read != n {
				t.Errorf("%s on lines: %s", source, report)
			}
			if report := importing(t, store, source, strings.NewReader("["+strings.Join(records, ",")+"]")); report.Unchanged != n || report.Read != n {
				t.Errorf("%s in an array: %s", source, report)
			}
		}
	})
}

func TestTooDeeplyNestedRecordIsRejected(t *testing.T) {
	t.Parallel()
	nested := func(id string, levels int) string {
		return `{"id":` + id + `,"eventDate":"2025-01-01T00:00:00Z","more":` + strings.Repeat("[", levels-1) + strings.Repeat("]", levels-1) + "}"
	}
	wide := `{"id":4,"eventDate":"2025-01-01T00:00:00Z","more":[` + strings.Repeat("[],", 20_000) + `[]]}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		rejects, report := rejected(t, store, db.Elevate, nested("1", 9998)+"\n"+nested("2", 9999)+"\n"+nested("3", 10_000)+"\n"+wide+"\n")
		at := len(nested("1", 9998)) + 1
		want := []string{
			fmt.Sprintf("test.json, record 2 (byte %d): nested more than 9998 levels deep", at),
			fmt.Sprintf("test.json, record 3 (byte %d): nested more than 9998 levels deep", at+len(nested("2", 9999))+1),
		}
		if diff := cmp.Diff(want, rejects); diff != "" || report.New != 2 {
			t.Errorf("%s %s", report, diff)
		}
	})
}
