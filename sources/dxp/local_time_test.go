package dxp_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/dxp"
	"usagegraph/sources/sourcetest"
)

// times holds times of reports in New York.
var times = []struct {
	name, text, utc      string
	truncated, ambiguous bool
	// keepsText reports whether the text is stored in addition to the instant.
	keepsText bool
}{
	{"local", "2025-01-31T22:15:00", "2025-02-01T03:15:00Z", false, false, false},
	{"local with a fraction", "2025-01-31T22:15:00.25", "2025-02-01T03:15:00.25Z", false, false, false},
	{"zeros at the end of the fraction", "2025-01-31T22:15:00.250", "2025-02-01T03:15:00.25Z", false, false, true},
	{"an offset with a colon", "2025-01-31T22:15:00+07:00", "2025-01-31T15:15:00Z", false, false, true},
	{"an offset without a colon", "2025-01-31T22:15:00+0700", "2025-01-31T15:15:00Z", false, false, true},
	{"an offset of zero without a colon", "2025-01-31T22:15:00.000+0000", "2025-01-31T22:15:00Z", false, false, true},
	{"nine decimal places that end in zeros", "2025-01-31T22:15:00.123456000", "2025-02-01T03:15:00.123456Z", false, false, true},
	{"nanoseconds", "2025-01-31T22:15:00.123456789", "2025-02-01T03:15:00.123456Z", true, false, true},
	{"nanoseconds with an offset", "2025-01-31T22:15:00.123456789-0500", "2025-02-01T03:15:00.123456Z", true, false, true},
	{"before clocks go forward", "2025-03-09T01:59:59", "2025-03-09T06:59:59Z", false, false, false},
	{"skipped when clocks go forward", "2025-03-09T02:30:00", "2025-03-09T07:30:00Z", false, true, true},
	{"after clocks went forward", "2025-03-09T03:00:00", "2025-03-09T07:00:00Z", false, false, false},
	{"before clocks go back", "2025-11-02T00:59:59", "2025-11-02T04:59:59Z", false, false, false},
	{"twice when clocks go back", "2025-11-02T01:30:00", "2025-11-02T05:30:00Z", false, true, true},
	{"the second of two, by its offset", "2025-11-02T01:30:00-05:00", "2025-11-02T06:30:00Z", false, false, true},
	{"after clocks went back", "2025-11-02T02:00:00", "2025-11-02T07:00:00Z", false, false, false},
}

func newYork(t testing.TB) ingest.Source {
	t.Helper()
	s, err := dxp.Source(dxp.Settings{Location: zone(t, "America/New_York"), BusinessID: "PR"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTruncatedAndAmbiguousTimesKeepTheirText(t *testing.T) {
	for _, tt := range times {
		t.Run(tt.name, func(t *testing.T) {
			r := sourcetest.Decode(t, newYork(t), sourcetest.With(t, []byte(least), `{"effectiveDate": "`+tt.text+`"}`))
			if got := r.Report.EffectiveAt.Format(time.RFC3339Nano); got != tt.utc {
				t.Errorf("got %s, want %s", got, tt.utc)
			}
			if r.TruncatedTime != tt.truncated || r.AmbiguousTime != tt.ambiguous {
				t.Errorf("truncated %v, ambiguous %v", r.TruncatedTime, r.AmbiguousTime)
			}
			if got := str(r.Report.EffectiveText); tt.keepsText && got != tt.text || !tt.keepsText && got != "" {
				t.Errorf("stored text %q", got)
			}
		})
	}
}

// TestTimesRoundTrip imports a report for each of times, which is also the bounds of a period.
func TestTimesRoundTrip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := dxp.Handler(store, dxp.HandlerSettings{Zone: func(string) *time.Location { return zone(t, "America/New_York") }, Markets: []string{"PR"}},
			func(*http.Request) (db.Scope, error) { return db.All(), nil }, nil)
		var want ingest.Report
		var documents []string
		for i, tt := range times {
			documents = append(documents, fmt.Sprintf(`{"description": "Usage Consumption Report for MSISDN 83%02d", "effectiveDate": "%s", "@type": "UsageConsumptionReport",
				"bucket": [{"id": "1", "@type": "BucketBalance", "bucketBalance": [{"validFor": {"startDateTime": "%[2]s", "endDateTime": "%[2]s"}}]}]}`, i, tt.text))
			if tt.truncated {
				want.Truncated++
			}
			if tt.ambiguous {
				want.Ambiguous++
			}
		}
		got := importReports(t, store, newYork(t), documents...)
		if got.Truncated != want.Truncated || got.Ambiguous != want.Ambiguous {
			t.Errorf("%d truncated and %d ambiguous times, want %d and %d", got.Truncated, got.Ambiguous, want.Truncated, want.Ambiguous)
		}
		for i, document := range documents {
			sourcetest.SameText(t, jsontext.Value("["+document+"]"), getReport(t, h, "MSISDN", fmt.Sprintf("83%02d", i)))
		}
	})
}
