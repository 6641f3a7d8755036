package ingest_test

import (
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestOlderRecordChangesNothing(t *testing.T) {
	t.Parallel()
	const call = `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":"+447700900123"`
	const event = `{"id":"u","date":"2025-01-01T00:00:00Z","relatedParty":[{"id":"a","role":"customer"}]`
	for _, tt := range []struct {
		name      string
		source    db.Source
		documents []string
		want      string // the destination or description that is stored at last
		older     int64
	}{
		{"by elevate's loadedDate", db.Elevate, []string{call + `,"destination":"new","loadedDate":"2025-01-03"}`, call + `,"destination":"old","loadedDate":"2025-01-02"}`}, "new", 1},
		{"a later one replaces it", db.Elevate, []string{call + `,"destination":"old","loadedDate":"2025-01-02"}`, call + `,"destination":"new","loadedDate":"2025-01-03"}`}, "new", 0},
		{"with equal dates the last import counts", db.Elevate, []string{call + `,"destination":"new","loadedDate":"2025-01-03"}`, call + `,"destination":"last","loadedDate":"2025-01-03"}`}, "last", 0},
		{"without a loadedDate the last import counts", db.Elevate, []string{call + `,"destination":"new","loadedDate":"2025-01-03"}`, call + `,"destination":"last"}`}, "last", 0},
		{"with equal lastUpdate the last import counts", db.BRM, []string{event + `,"description":"new","lastUpdate":"2025-01-03T00:00:00Z"}`, event + `,"description":"last","lastUpdate":"2025-01-02T23:00:00-01:00"}`}, "last", 0},
		{"by TMF's lastUpdate", db.BRM, []string{event + `,"description":"new","lastUpdate":"2025-01-03T00:00:00Z"}`, event + `,"description":"old","lastUpdate":"2025-01-02T23:00:00Z"}`}, "new", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for how, batches := range map[string][]string{"in two imports": tt.documents, "in one batch": {strings.Join(tt.documents, "\n")}} {
				dbtest.Each(t, func(t *testing.T, store *db.Store) {
					older := int64(0)
					for _, text := range batches {
						older += importing(t, store, tt.source, strings.NewReader(text)).Older
					}
					records := allNodes(store.For(db.All()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: whole}))
					if len(records) != 1 || older != tt.older {
						t.Fatalf("%s: %d records, %d older", how, len(records), older)
					}
					got := records[0].Destination
					if tt.source == db.BRM {
						got = records[0].Description
					}
					if *got != tt.want {
						t.Errorf("%s: %s is stored, want %s", how, *got, tt.want)
					}
				})
			}
		})
	}
}
