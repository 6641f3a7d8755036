package stn_test

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/demo"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

// TestDemoRecordsRoundTrip reads demo data page by page, and compares it with the document, whose phone numbers it
// masks.
func TestDemoRecordsRoundTrip(t *testing.T) {
	document, err := io.ReadAll(stn.Demo(demo.Set{Customers: 5, Records: 200}).Reader())
	if err != nil {
		t.Fatal(err)
	}
	var want envelope
	if err := json.Unmarshal(document, &want, json.MatchCaseInsensitiveNames(true)); err != nil || len(want.Results) < 100 {
		t.Fatalf("%d records, %v", len(want.Results), err)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(string(document)))
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		for _, take := range []int{7, 100, 1000} {
			var got []jsontext.Value
			for skip := 0; skip < len(want.Results); skip += take {
				page := get(t, h, fmt.Sprintf("skip=%d&take=%d", skip, take))
				if page.Total != want.Total || page.Offset != int64(skip) {
					t.Fatalf("offset %d of %d", page.Offset, page.Total)
				}
				got = append(got, page.Results...)
			}
			if len(got) != len(want.Results) {
				t.Fatalf("take=%d: %d of %d records", take, len(got), len(want.Results))
			}
			for i := range got {
				sourcetest.SameText(t, masked(t, want.Results[i]), got[i])
			}
		}
	})
}

// masked returns a demo record with its phone number, such as +31612345678, masked.
func masked(t testing.TB, record jsontext.Value) jsontext.Value {
	t.Helper()
	const key = `"phoneNumber":"+`
	before, after, ok := strings.Cut(string(record), key)
	number, after, _ := strings.Cut(after, `"`)
	if !ok || len(number) < 8 {
		t.Fatalf("no number in %s", record)
	}
	return jsontext.Value(before + key + strings.Repeat("*", len(number)-4) + number[len(number)-4:] + `"` + after)
}

func TestPagesAreCompleteInEveryOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, stn.Demo(demo.Set{Customers: 3, Records: 10}).Reader())
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		for _, order := range []string{"yearMonth", "-usageWorldData", "isGroupSim,-amountTotalUsage", "amountWorldVoice,providerGroup"} {
			whole := ids(t, get(t, h, "take=1000&orderBy="+order))
			var pages []string
			for skip := 0; ; skip += 10 {
				page := get(t, h, fmt.Sprintf("orderBy=%s&skip=%d&take=10", order, skip))
				if len(page.Results) == 0 {
					break
				}
				pages = append(pages, ids(t, page))
			}
			if got := strings.Join(pages, " "); got != whole || len(pages) < 3 {
				t.Errorf("%s: %s, want %s", order, got, whole)
			}
		}
	})
}
