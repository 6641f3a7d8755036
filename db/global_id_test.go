package db_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestParseIDReversesString(t *testing.T) {
	t.Parallel()
	for _, id := range []db.ID{
		db.CustomerID(db.SourceID{Source: db.STN, Value: "a:b"}), db.CustomerID(db.SourceID{Source: db.BRM, Value: "+44 20 7946 0124"}),
		{Type: db.TypeUsageRecord, Source: db.Elevate, Value: "17"}, {Type: db.TypeUsageSummary, Source: db.STN, Value: "summary:1 é"},
		{Type: db.TypeSubscription, Source: db.STN, Customer: "a:b:1", Value: "own:1"}, {Type: db.TypeSubscription, Source: db.DXP, Value: "S-1001"},
		{Type: db.TypeSubscription, Source: db.Elevate, Customer: "17", Value: "#hash"}, {Type: db.TypeSubscription, Value: "#hash"},
		{Type: db.TypeBucket, Value: "hash"}, {Type: db.TypeConsumptionReport, Value: "hash"},
	} {
		if got, err := db.ParseID(id.String()); err != nil || got != id {
			t.Errorf("%v is parsed as %v, %v", id, got, err)
		}
	}
}

// TestAnIDOfAnEarlierVersionNamesNothing parses ids that were made of a customer id and a row id.
func TestAnIDOfAnEarlierVersionNamesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, text := range []string{"Customer:1:1", "ServiceSubscription:0:1", "UsageRecord:9:8", "UsageSummary:9:8", "Bucket:-1:7", "ConsumptionReport:3:4", "ServiceSubscription:STN:99:a:b"} {
			id, err := db.ParseID(base64.RawURLEncoding.EncodeToString([]byte(text)))
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
			if keys, err := store.For(db.All()).NodeKeys(t.Context(), []db.ID{id}); err != nil || len(keys) > 0 {
				t.Errorf("%s: %v, %v", text, keys, err)
			}
		}
	})
}

func TestParseIDRejects(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	for name, id := range map[string]string{
		"nothing":                  "",
		"a word":                   "customer",
		"text that is not encoded": "Customer:1:1",
		"an unknown type":          encode([]byte("Colour:1:1")),
		"a type without an id":     encode([]byte("RatedUsage:1:1")),
		"a type in small letters":  encode([]byte("customer:1:1")),
		"no type":                  encode([]byte(":1:1")),
		"no name":                  encode([]byte("Customer:")),
		"a NUL character":          encode([]byte("Customer:1:1\x00")),
		"padding":                  base64.URLEncoding.EncodeToString([]byte("Customer:1:1")) + "=",
		"standard base64":          base64.StdEncoding.EncodeToString([]byte("Customer:1:1?>")),
		"a line break":             encode([]byte("Customer:1:1"))[:4] + "\n" + encode([]byte("Customer:1:1"))[4:],
		"unused bits that are set": strings.TrimSuffix(encode([]byte("Bucket:1:1")), "Q") + "R",
		"one byte too many":        strings.Repeat("A", 1001),
		"a megabyte":               strings.Repeat("A", 1<<20),
		"an invalid character":     "Q3VzdG9tZXI6MTo$",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := db.ParseID(id)
			failsAs(t, err, db.BadInput)
		})
	}
}
