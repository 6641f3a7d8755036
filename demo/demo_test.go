package demo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
	"usagegraph/sources"
	"usagegraph/sources/sourcetest"
)

var systems = []db.Source{db.Elevate, db.BRM, db.STN, db.DXP}

var small = sourcetest.SmallDemoSet

func TestASetIsReproducible(t *testing.T) {
	t.Parallel()
	other := small
	other.Seed++
	for _, source := range systems {
		d := document(t, small, source)
		first := readAll(t, d.Reader())
		if again := readAll(t, iotest.HalfReader(d.Reader())); !bytes.Equal(first, again) {
			t.Errorf("%s: the second document differs from the first", source)
		}
		if bytes.Equal(first, readAll(t, document(t, other, source).Reader())) {
			t.Errorf("%s: the same document with another seed", source)
		}
	}
}

func TestCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                              string
		set                               demo.Set
		calls, events, summaries, reports int
	}{
		{"the small set", small, 2160, 240, 27 * 12, 8},
		{"a tenth of the records are events", demo.Set{Customers: 100, Records: 2222, Months: 2}, 2000, 222, 238 * 2, 64},
		{"a density", demo.Set{Customers: 101, Density: 7, Records: 1, Months: 2}, 303*7*2 - 424, 424, 241 * 2, 65},
		{"fewer records than customers", demo.Set{Customers: 100, Records: 10, Months: 2}, 80, 100, 238 * 2, 64},
		{"one customer and one month", demo.Set{Customers: 1, Records: 10, Months: 1}, 9, 1, 3, 1},
		{"more customers than mobile ones", demo.Set{Customers: 1000, Records: 10, Months: 1}, 800, 1000, 1559, 423},
		{"no customers", demo.Set{Records: 10}, 0, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i, want := range []int{c.calls, c.events, c.summaries, c.reports} {
				ids := map[string]bool{}
				d := document(t, c.set, systems[i])
				list := sourcetest.DemoRecords[struct{ ID, Description json.RawMessage }](t, d)
				for _, r := range list {
					ids[string(r.ID)+string(r.Description)] = true
				}
				if len(list) != want || len(ids) != want {
					t.Errorf("%s: %d records with %d ids, want %d", d.Source, len(list), len(ids), want)
				}
				if d.Count != want {
					t.Errorf("%s: count %d, want %d", d.Source, d.Count, want)
				}
			}
		})
	}
}

func TestAHugeSetIsGeneratedWhileItIsRead(t *testing.T) {
	t.Parallel()
	for _, d := range sources.Demo(demo.Set{Customers: 5_000_000, Records: 2_000_000_000, Months: 36}) {
		if n, err := io.CopyN(io.Discard, d.Reader(), 1<<20); err != nil {
			t.Errorf("%s: %d bytes, %v", d.Source, n, err)
		}
	}
}

func TestAllTimesAreInTheMonths(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 20, Records: 4000, Months: 3, Until: time.Date(2024, time.May, 21, 13, 0, 0, 0, time.UTC)}
	from, until := time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, time.May, 21, 12, 0, 0, 0, time.UTC)
	last := from
	for _, r := range decoded[struct{ EventDate time.Time }](t, set, db.Elevate) {
		if r.EventDate.Before(from.Add(-time.Hour)) || !r.EventDate.Before(until) {
			t.Fatalf("call at %v", r.EventDate)
		}
		last = r.EventDate
	}
	if last.Before(time.Date(2024, time.May, 20, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("last call at %v", last)
	}
	for _, r := range decoded[struct{ Date time.Time }](t, set, db.BRM) {
		if r.Date.Before(from) || !r.Date.Before(until) {
			t.Fatalf("event at %v", r.Date)
		}
	}
	var months []string
	for _, r := range decoded[struct{ YearMonth string }](t, set, db.STN) {
		if !slices.Contains(months, r.YearMonth) {
			months = append(months, r.YearMonth)
		}
	}
	if want := []string{"2024_03", "2024_04", "2024_05"}; !slices.Equal(months, want) {
		t.Errorf("summaries of %v, want %v", months, want)
	}
	for _, r := range decoded[struct{ EffectiveDate string }](t, set, db.DXP) {
		if r.EffectiveDate[:10] != "2024-05-20" {
			t.Fatalf("report at %s", r.EffectiveDate)
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	for _, d := range sources.Demo(demo.Set{Customers: 1000, Records: 1_000_000}) {
		b.Run(string(d.Source), func(b *testing.B) {
			for b.Loop() {
				n, err := io.Copy(io.Discard, d.Reader())
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(n)
			}
		})
	}
}

// document returns the document of a system for a set.
func document(t testing.TB, set demo.Set, source db.Source) demo.Document {
	t.Helper()
	for _, d := range sources.Demo(set) {
		if d.Source == source {
			return d
		}
	}
	t.Fatalf("no document of %s", source)
	return demo.Document{}
}

// decoded returns the records of the document of a system for a set, decoded as T.
func decoded[T any](t testing.TB, set demo.Set, source db.Source) []T {
	t.Helper()
	return sourcetest.DemoRecords[T](t, document(t, set, source))
}

func readAll(t testing.TB, r io.Reader) []byte {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
