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
)

var sources = []db.Source{db.Elevate, db.BRM, db.STN, db.DXP}

// small is a set that has a bit of everything.
var small = demo.Set{Customers: 12, Records: 2400, Seed: 1}

func TestASetIsTheSameBytesEachTime(t *testing.T) {
	t.Parallel()
	other := small
	other.Seed++
	for _, source := range sources {
		first := text(t, small.Document(source))
		if again := text(t, iotest.HalfReader(small.Document(source))); !bytes.Equal(first, again) {
			t.Errorf("%s: another document than before", source)
		}
		if bytes.Equal(first, text(t, other.Document(source))) {
			t.Errorf("%s: the same document with another seed", source)
		}
	}
}

func TestASetHasWhatItPromises(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                              string
		set                               demo.Set
		calls, events, summaries, reports int
	}{
		{"the small set", small, 2160, 240, 27 * 12, 8},
		{"a tenth of the records is brm's", demo.Set{Customers: 100, Records: 2222, Months: 2}, 2000, 222, 238 * 2, 64},
		{"too few records for a customer", demo.Set{Customers: 100, Records: 10, Months: 2}, 80, 100, 238 * 2, 64},
		{"one customer and one month", demo.Set{Customers: 1, Records: 10, Months: 1}, 9, 1, 3, 1},
		{"more customers than stn takes on", demo.Set{Customers: 1000, Records: 10, Months: 1}, 800, 1000, 1559, 423},
		{"nobody", demo.Set{Records: 10}, 0, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i, want := range []int{c.calls, c.events, c.summaries, c.reports} {
				ids := map[string]bool{}
				list := decoded[struct{ ID, Description json.RawMessage }](t, c.set, sources[i])
				for _, r := range list {
					ids[string(r.ID)+string(r.Description)] = true
				}
				if len(list) != want || len(ids) != want {
					t.Errorf("%s has %d records with %d ids, want %d", sources[i], len(list), len(ids), want)
				}
				if n := c.set.Count(sources[i]); n != want {
					t.Errorf("%s counts %d records, want %d", sources[i], n, want)
				}
			}
		})
	}
}

func TestTheEnvelopeSaysHowManyThereAre(t *testing.T) {
	t.Parallel()
	var envelope struct{ Offset, Total int }
	if err := json.Unmarshal(text(t, small.Document(db.STN)), &envelope); err != nil {
		t.Fatal(err)
	}
	if want := len(records(t, small, db.STN)); envelope.Offset != 0 || envelope.Total != want {
		t.Errorf("offset %d, total %d; want 0 and %d", envelope.Offset, envelope.Total, want)
	}
}

func TestAHugeSetBeginsAtOnce(t *testing.T) {
	t.Parallel()
	huge := demo.Set{Customers: 5_000_000, Records: 2_000_000_000, Months: 36}
	for _, source := range sources {
		if n, err := io.CopyN(io.Discard, huge.Document(source), 1<<20); err != nil {
			t.Errorf("%s: %d bytes, %v", source, n, err)
		}
	}
}

func TestDataLiesInTheMonths(t *testing.T) {
	t.Parallel()
	set := demo.Set{Customers: 20, Records: 4000, Months: 3, Until: time.Date(2024, time.May, 21, 13, 0, 0, 0, time.UTC)}
	from, until := time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, time.May, 21, 12, 0, 0, 0, time.UTC)
	last := from
	for _, r := range decoded[struct{ EventDate time.Time }](t, set, db.Elevate) {
		if r.EventDate.Before(from.Add(-time.Hour)) || !r.EventDate.Before(until) {
			t.Fatalf("a call at %v", r.EventDate)
		}
		last = r.EventDate
	}
	if last.Before(time.Date(2024, time.May, 20, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("the last call was at %v", last)
	}
	for _, r := range decoded[struct{ Date time.Time }](t, set, db.BRM) {
		if r.Date.Before(from) || !r.Date.Before(until) {
			t.Fatalf("an event at %v", r.Date)
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
			t.Fatalf("a report of %s", r.EffectiveDate)
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	for _, source := range sources {
		b.Run(string(source), func(b *testing.B) {
			for b.Loop() {
				n, err := io.Copy(io.Discard, demo.Set{Customers: 1000, Records: 1_000_000}.Document(source))
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(n)
			}
		})
	}
}

func text(t testing.TB, document io.Reader) []byte {
	t.Helper()
	all, err := io.ReadAll(document)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// records returns a document's records.
func records(t testing.TB, set demo.Set, source db.Source) []json.RawMessage {
	t.Helper()
	return decoded[json.RawMessage](t, set, source)
}

// decoded returns a document's records as Ts.
func decoded[T any](t testing.TB, set demo.Set, source db.Source) []T {
	t.Helper()
	all := text(t, set.Document(source))
	var envelope struct{ Results []T }
	into := any(&envelope.Results)
	if source == db.STN {
		into = &envelope
	}
	if err := json.Unmarshal(all, into); err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return envelope.Results
}
