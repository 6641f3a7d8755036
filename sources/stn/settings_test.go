package stn_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/rest"
	"usagegraph/sources/stn"
)

// TestQuirksBothWays sends the same queries with the default and the alternative settings.
func TestQuirksBothWays(t *testing.T) {
	const order, order2 = "fields=id&orderBy=customerId&orderByDesc=usageHomeData", "fields=id&orderByDesc=usageHomeData"
	tests := []struct {
		settings stn.HandlerSettings
		query    string
		status   int
		// ids holds the ids of the records, in order. The body contains has and does not contain hasNot.
		ids, has, hasNot string
	}{
		{stn.HandlerSettings{}, order, 200, "FD 5x RM R4 R5", "", ""},
		{stn.HandlerSettings{OrderFirst: true}, order, 200, "FD RM 5x R4 R5", "", ""},
		{stn.HandlerSettings{OrderFirst: true}, order2, 200, "5x RM FD R4 R5", "", ""},

		{stn.HandlerSettings{}, "fields=id&take=0", 200, "", `"total":5,`, `"meta"`},
		{stn.HandlerSettings{TotalIncluded: true}, "fields=id&take=0", 200, "", `{"offset":0,"results":[]}`, `"total"`},
		{stn.HandlerSettings{TotalIncluded: true}, "fields=id&take=0&include=total", 200, "", `"total":5,`, `"meta"`},
		{stn.HandlerSettings{TotalIncluded: true}, "fields=id&take=0&include=COUNT(*)", 200, "", `"total":5,`, ""},
		{stn.HandlerSettings{TotalIncluded: true}, "fields=id&take=0&include=SUM(usageHomeData)", 200, "", `"meta"`, `"total"`},

		{stn.HandlerSettings{}, "fields=id&take=1001", 200, "RM 5x FD R4 R5", "", ""},
		{stn.HandlerSettings{TakeRefused: true}, "fields=id&take=1001", 400, "", "take: want at most 1000", ""},
		{stn.HandlerSettings{TakeRefused: true}, "fields=id&take=1000", 200, "RM 5x FD R4 R5", "", ""},

		{stn.HandlerSettings{}, "fields=id&nonsense=1", 200, "RM 5x FD R4 R5", "", ""},
		{stn.HandlerSettings{Unknown: rest.Ignored}, "fields=id&nonsense=1", 200, "RM 5x FD R4 R5", "", ""},
		{stn.HandlerSettings{Unknown: rest.Ignored}, "fields=id&custmerId=1", 400, "", "unknown filter", ""},
		{stn.HandlerSettings{Unknown: rest.Refused}, "fields=id&nonsense=1", 400, "", "nonsense: unknown parameter", ""},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		serve(t, store, moreRecords...)
		for _, tt := range tests {
			h := stn.Handler(store, tt.settings, allCustomers, slog.New(slog.DiscardHandler))
			w := request(h, http.MethodGet, tt.query)
			body := w.Body.String()
			if w.Code != tt.status || !strings.Contains(body, tt.has) || tt.hasNot != "" && strings.Contains(body, tt.hasNot) {
				t.Errorf("%+v: %s: %d %s", tt.settings, tt.query, w.Code, body)
			} else if w.Code == http.StatusOK {
				if got := ids(t, get(t, h, tt.query)); got != tt.ids {
					t.Errorf("%+v: %s: %s, want %s", tt.settings, tt.query, got, tt.ids)
				}
			}
		}
	})
}
