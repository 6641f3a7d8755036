package graph_test

import (
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/graph"
)

// BenchmarkAppend appends one value of each scalar.
func BenchmarkAppend(b *testing.B) {
	id := db.ID{Type: db.TypeUsageRecord, Source: db.Elevate, Value: "4611686018427387981"}
	amount := decimal.MustParse("1234.5600")
	at, err := db.ParseTime("2025-01-31T22:15:00.25Z")
	if err != nil {
		b.Fatal(err)
	}
	for _, bench := range []struct {
		name   string
		append func([]byte) []byte
	}{
		{"String", func(to []byte) []byte { return graph.AppendString(to, "Orange France, Paris \U0001F600") }},
		{"ID", func(to []byte) []byte { return graph.AppendID(to, id) }},
		{"Decimal", func(to []byte) []byte { return graph.AppendDecimal(to, amount) }},
		{"DateTime", func(to []byte) []byte { return graph.AppendDateTime(to, at) }},
		{"Date", func(to []byte) []byte { return graph.AppendDate(to, "2025-01-31") }},
		{"Long", func(to []byte) []byte { return graph.AppendLong(to, 1<<62) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			answer := make([]byte, 0, 256)
			b.ReportAllocs()
			for b.Loop() {
				answer = bench.append(answer[:0])
			}
		})
	}
}
