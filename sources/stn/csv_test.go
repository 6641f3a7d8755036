package stn_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/stn"
)

// formulas holds records with texts that a spreadsheet would evaluate, and with similar ones.
var formulas = []string{
	`{"id": "=1+2", "subscriptionId": "+31612345678", "yearMonth": "2025_01", "customerId": "@c", "providerGroup": "a,\"b\"", "quantityInBundleHomeData": -1, "usageHomeData": -1.50,
		"usageDetails": [{"invoiceLineCode": "INT_NAT", "volume": 1024}]}`,
	`{"id": "-1", "subscriptionId": "-x", "yearMonth": "2025_01", "customerId": "\tc", "providerGroup": "\rg"}`,
}

func TestRecordsAsCSV(t *testing.T) {
	want := [][]string{
		{"id", "subscriptionId", "yearMonth", "customerId", "providerGroup", "quantityInBundleHomeData", "usageHomeData", "isGroupSim", "usageDetails"},
		{"'=1+2", "'+31612345678", "2025_01", "'@c", `a,"b"`, "-1", "-1.50", "", `[{"invoiceLineCode":"INT_NAT","volume":1024,"volumeStr":"1 MB"}]`},
		{"-1", "'-x", "2025_01", "'\tc", "'\rg", "", "", "", ""},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, formulas...)
		w := request(h, http.MethodGet, "format=CSV&skip=3&fields="+strings.Join(want[0], ","))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/csv; charset=utf-8" ||
			w.Header().Get("Content-Disposition") != `attachment; filename="QueryUsageSubscription.csv"` {
			t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
		}
		got, err := csv.NewReader(w.Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// TestCSVHasTheRowsOfJSON requests all fields of all records, and distinct values, in both formats.
func TestCSVHasTheRowsOfJSON(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, moreRecords...)
		for _, query := range []string{"", "take=2&orderByDesc=usageHomeData", "fields=DISTINCT+providerGroup,yearMonth", "id=none"} {
			rows, err := csv.NewReader(request(h, http.MethodGet, query+"&format=csv").Body).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			results := get(t, h, query).Results
			if len(rows) != len(results)+1 {
				t.Fatalf("%s: %d rows of CSV, %d of JSON", query, len(rows)-1, len(results))
			}
			for i, row := range rows[1:] {
				for index, cell := range row {
					quoted := `"` + rows[0][index] + `":`
					_, after, found := strings.Cut(string(results[i]), quoted)
					value := strings.TrimPrefix(after, `"`)
					if found != (cell != "") || rows[0][index] != "usageDetails" && !strings.HasPrefix(value, cell) {
						t.Errorf("%s: row %d has %s %s, the record %s", query, i, rows[0][index], cell, results[i])
					}
				}
			}
		}
	})
}

func TestContentNegotiation(t *testing.T) {
	const json, text = "application/json; charset=utf-8", "text/csv; charset=utf-8"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store)
		tags := map[string]string{}
		for _, tt := range []struct{ target, accept, want string }{
			{stn.Pattern, "", json},
			{stn.Pattern + "?format=csv", "application/json", text},
			{stn.Pattern + "?format=json", "text/csv", json},
			{stn.Pattern + "?format=", "text/csv", text},
			{stn.Pattern + ".csv", "application/json", text},
			{stn.Pattern + ".json", "text/csv", json},
			{stn.Pattern + ".csv?format=json", "", json},
			{stn.Pattern, "text/csv", text},
			{stn.Pattern, "text/html, text/csv;header=present, */*;q=0.8", text},
			{stn.Pattern, "application/json, text/csv", json},
			{stn.Pattern, "application/json;q=0.5, text/csv;q=0.6", text},
			{stn.Pattern, "text/csv;q=0", json},
			{stn.Pattern, "text/csv;q=much", json},
			{stn.Pattern, "text/html,application/xhtml+xml,*/*;q=0.8", json},
		} {
			r := httptest.NewRequest(http.MethodGet, tt.target, nil)
			r.Header.Set("Accept", tt.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != tt.want || w.Header().Get("Vary") != "Accept" {
				t.Errorf("%s, %s: %d %s, want %s", tt.target, tt.accept, w.Code, got, tt.want)
			}
			if format, known := tags[w.Header().Get("ETag")]; known && format != tt.want {
				t.Errorf("%s, %s: CSV and JSON have the same ETag", tt.target, tt.accept)
			}
			tags[w.Header().Get("ETag")] = tt.want
		}
		if w := request(h, http.MethodGet, "take=no", "Accept", "text/csv"); w.Code != http.StatusBadRequest || w.Header().Get("Content-Type") != json {
			t.Errorf("an error: %d %v", w.Code, w.Header())
		}
	})
}
