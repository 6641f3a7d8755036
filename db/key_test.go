package db_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"usagegraph/db"
)

func TestAnIDComesBack(t *testing.T) {
	t.Parallel()
	for _, id := range []db.ID{
		db.CustomerGlobalID(7), {Type: db.TypeSubscription, Key: db.Key{CustomerID: 0, ID: 1}}, {Type: db.TypeUsageRecord, Key: db.Key{CustomerID: math.MaxInt64, ID: math.MaxInt64}},
		{Type: db.TypeUsageSummary, Key: db.Key{CustomerID: 1, ID: 2}}, {Type: db.TypeBucket, Key: db.Key{CustomerID: -1, ID: math.MinInt64}},
		{Type: db.TypeConsumptionReport, Key: db.Key{CustomerID: 12, ID: 34}},
	} {
		if got, err := db.ParseID(id.String()); err != nil || got != id {
			t.Errorf("%v came back as %v, %v", id, got, err)
		}
	}
}

func TestParseIDRefuses(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	for name, id := range map[string]string{
		"nothing":                    "",
		"a word":                     "customer",
		"text that is not encoded":   "Customer:1:1",
		"a type that there is not":   encode([]byte("Colour:1:1")),
		"a type without an id":       encode([]byte("RatedUsage:1:1")),
		"a type in small letters":    encode([]byte("customer:1:1")),
		"no type":                    encode([]byte(":1:1")),
		"a part too few":             encode([]byte("Customer:1")),
		"a part too many":            encode([]byte("Customer:1:1:1")),
		"a customer who is text":     encode([]byte("Customer:x:1")),
		"an id that is text":         encode([]byte("Customer:1:x")),
		"an id that is empty":        encode([]byte("Customer:1:")),
		"a plus":                     encode([]byte("Customer:+1:1")),
		"a zero before a number":     encode([]byte("Customer:01:1")),
		"minus zero":                 encode([]byte("Customer:-0:1")),
		"more than 64 bits":          encode([]byte("Customer:1:9223372036854775808")),
		"a space":                    encode([]byte("Customer:1: 1")),
		"a NUL character":            encode([]byte("Customer:1:1\x00")),
		"padding":                    base64.URLEncoding.EncodeToString([]byte("Customer:1:1")) + "=",
		"the other base64":           base64.StdEncoding.EncodeToString([]byte("Customer:1:1?>")),
		"a line break":               encode([]byte("Customer:1:1"))[:4] + "\n" + encode([]byte("Customer:1:1"))[4:],
		"bits that are not its own":  strings.TrimSuffix(encode([]byte("Bucket:1:1")), "Q") + "R",
		"more than an id is long":    strings.Repeat("A", 101),
		"very much more":             strings.Repeat("A", 1<<20),
		"characters that are no hex": "Q3VzdG9tZXI6MTo$",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := db.ParseID(id)
			failsAs(t, err, db.BadInput)
		})
	}
}
