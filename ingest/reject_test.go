package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
)

func TestDocumentOfAnotherSystem(t *testing.T) {
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
		if diff := cmp.Diff(want, queryRows(t, url, runs)); diff != "" {
			t.Error(diff)
		}
		for _, table := range []string{"customers", "customer_identifiers", "subscriptions", "subscription_identifiers", "usage_records", "usage_summaries", "consumption_reports", "buckets"} {
			if n := queryRows(t, url, "SELECT COUNT(*) FROM "+table); n[0] != "0" {
				t.Errorf("%s rows in %s", n[0], table)
			}
		}
	})
}

func TestRecordOfAnotherSystemIsRejected(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		rejects, report := rejected(t, store, db.Elevate, `{"id":1,"eventDate":"2025-01-01T00:00:00Z"}`+"\n"+`{"id":"m","customerId":"c","subscriptionId":"s","yearMonth":"2025_01"}`+"\n")
		if diff := cmp.Diff([]string{"test.json, record 2 (byte 44): this is a record of STN, not of ELEVATE"}, rejects); diff != "" || report.New != 1 {
			t.Errorf("%s %s", report, diff)
		}
	})
}

// rejected imports a document and returns its rejects.
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

// TestBadRecordIsRejected imports each bad record between two good ones.
func TestBadRecordIsRejected(t *testing.T) {
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
		{"a NUL character deep in an unknown member", `{"id":3,"eventDate":"2025-01-01T00:00:00Z","more":{"list":[1,{"text":"\u0000"}]}}`, "more.list[1].text: text must not hold a NUL character"},
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
