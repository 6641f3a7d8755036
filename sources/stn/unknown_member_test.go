package stn_test

import (
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

// whole returns a summary in which every member of the page's format has a value of its own.
func whole() string {
	var amounts strings.Builder
	for i, zone := range []string{"Home", "Eu", "World"} {
		for j, service := range []string{"Voice", "Data", "Sms"} {
			n := 10*i + j + 1
			fmt.Fprintf(&amounts, `"quantityInBundle%s%s": %d.25, "usage%[1]s%[2]s": %[3]d.5, "amount%[1]s%[2]s": %[3]d.75, `, zone, service, n)
		}
	}
	return `{"id": "R1", "subscriptionId": "S1", "phoneNumber": "06-****7640", "yearMonth": "2025_01", "customerId": "C1", "providerGroup": "G1", ` +
		amounts.String() + `"amountPremium": 91.5, "isGroupSim": true, "amountTotalUsage": 92.5, "amountInternationalTotal": 93.5, "usageDetails": [
		{"invoiceLineType": "7", "invoiceLineCode": "INT_NAT", "description": "Internet", "sortOrder": 1033, "quantity": 4, "volume": 5, "volumeStr": "6 MB",
			"amount": 7.5, "refId": 8, "rateClassId": "K1"},
		{"invoiceLineType": "8", "invoiceLineCode": "PRMSMS", "description": "Sms", "sortOrder": 1027, "quantity": 14, "volume": 15, "volumeStr": "16 stk",
			"amount": 17.5, "refId": 18, "rateClassId": "K2"}]}`
}

// TestUnknownMembersComeBack requests a summary in each format. CSV has a column for each member of the page alone: the
// lines in it, with their further members, are JSON.
func TestUnknownMembersComeBack(t *testing.T) {
	t.Parallel()
	document := sourcetest.WithUnknownMembers(t, "["+whole()+"]")
	lines := part(t, document, "usageDetails")
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		answer := func(target string, header ...string) string {
			t.Helper()
			r := httptest.NewRequest(http.MethodGet, target, nil)
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", target, w.Code, w.Body)
			}
			return w.Body.String()
		}
		for _, target := range []string{stn.Pattern, stn.Pattern + ".json", stn.Pattern + "?format=json&id=R1"} {
			results := part(t, "["+answer(target)+"]", "results")
			sourcetest.CheckUnknownMembers(t, document, results)
			sourcetest.CheckEqualJSON(t, document, results)
		}
		results := part(t, "["+answer(stn.Pattern+"?fields=usageDetails")+"]", "results")
		sourcetest.CheckEqualJSON(t, lines, part(t, results, "usageDetails"))
		for target, accept := range map[string]string{stn.Pattern + ".csv": "", stn.Pattern: "text/csv", stn.Pattern + "?fields=usageDetails,id&format=csv": ""} {
			rows, err := csv.NewReader(strings.NewReader(answer(target, "Accept", accept))).ReadAll()
			if err != nil || len(rows) != 2 {
				t.Fatalf("%d rows: %v", len(rows), err)
			}
			for i, name := range rows[0] {
				if name == "usageDetails" {
					sourcetest.CheckEqualJSON(t, lines, rows[1][i])
				}
			}
		}
	})
}

// part returns a member of the only element of a list.
func part(t testing.TB, list, name string) string {
	t.Helper()
	var elements []map[string]jsontext.Value
	if err := json.Unmarshal([]byte(list), &elements); err != nil || len(elements) != 1 {
		t.Fatalf("%v: %s", err, list)
	}
	return string(elements[0][name])
}
