package stn_test

import (
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestDistinct(t *testing.T) {
	// Two phone numbers that are masked alike, and two equal amounts.
	records := append([]string{
		`{"id": "D1", "subscriptionId": "S1", "phoneNumber": "06-11115678", "yearMonth": "2025_03", "customerId": "D", "usageHomeData": 1.0, "isGroupSim": true}`,
		`{"id": "D2", "subscriptionId": "S2", "phoneNumber": "06-22225678", "yearMonth": "2025_03", "customerId": "D", "usageHomeData": 1, "isGroupSim": true}`,
	}, moreRecords...)
	tests := []struct {
		query, results string
		total          int64
	}{
		{"fields=DISTINCT+customerId", `{"customerId":"4neHKRNRJcSs78FSX"} {"customerId":"2o8Sc3iAz9MQCmA89"} {"customerId":"D"} {"customerId":"C4"}`, 4},
		{"fields=distinct+yearmonth,PROVIDERGROUP&orderByDesc=yearMonth",
			`{"yearMonth":"2025_03"} {"yearMonth":"2025_02","providerGroup":"<b>&</b>"} {"yearMonth":"2025_01","providerGroup":"KPNMOBIEL"} {"yearMonth":"2024_12","providerGroup":"Voda_50%"}`, 4},
		{"fields=DISTINCT+usageHomeData,isGroupSim,phoneNumber&customerId=D", `{"phoneNumber":"06-****5678","usageHomeData":1,"isGroupSim":true}`, 1},
		{"fields=DISTINCT+isGroupSim&orderBy=-isGroupSim", `{"isGroupSim":true} {"isGroupSim":false} {}`, 3},
		{"fields=DISTINCT+customerId&take=1&skip=2", `{"customerId":"D"}`, 4},
		{"fields=DISTINCT+customerId&take=0", "", 4},
		{"fields=DISTINCT+customerId&skip=4", "", 4},
		{"fields=DISTINCT+customerId&customerId=none", "", 0},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, records...)
		for _, tt := range tests {
			a := get(t, h, tt.query)
			var got []string
			for _, r := range a.Results {
				got = append(got, string(r))
			}
			if strings.Join(got, " ") != tt.results || a.Total != tt.total {
				t.Errorf("%s: total %d: %s\nwant %d: %s", tt.query, a.Total, strings.Join(got, " "), tt.total, tt.results)
			}
		}
		if a := get(t, h, "fields=DISTINCT+customerId&include=COUNT(*)+as+records&take=0"); a.Meta["records"] != "7" {
			t.Errorf("aggregates are over the filtered set: %v", a.Meta)
		}
	})
}
