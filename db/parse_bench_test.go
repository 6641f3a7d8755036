package db_test

import (
	"testing"

	"usagegraph/db"
)

// BenchmarkRead parses single values as clients, documents and SQLite write them.
func BenchmarkRead(b *testing.B) {
	id := db.ID{Type: db.TypeUsageRecord, Source: db.Elevate, Value: "4611686018427387981"}.String()
	for _, bench := range []struct {
		name string
		read func() error
	}{
		{"decimal", func() error { _, err := db.ParseDecimal("1234.5600"); return err }},
		{"decimal with an exponent", func() error { _, err := db.ParseDecimal("1.23456e3"); return err }},
		{"time", func() error { _, err := db.ParseTime("2025-01-31T23:15:00.25+01:00"); return err }},
		{"stored time", func() error { return new(db.Time).Scan("2025-01-31T22:15:00.250000Z") }},
		{"id", func() error { _, err := db.ParseID(id); return err }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := bench.read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
