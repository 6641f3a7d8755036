package db

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// randomEvidence returns evidence for a few subscriptions of few customers: instants and months that often overlap.
func randomEvidence(r *rand.Rand) []Evidence {
	var all []Evidence
	for range 1 + r.IntN(8) {
		k := Key{1 + r.Int64N(2), 1 + r.Int64N(3)}
		day := time.Date(2025, 1, 1+r.IntN(120), 0, 0, 0, 0, time.UTC)
		e := Evidence{Subscription: k, Start: day, End: day}
		if r.IntN(3) == 0 {
			e.Start = time.Date(2025, day.Month(), 1, 0, 0, 0, 0, time.UTC)
			e.End = e.Start.AddDate(0, 1, 0)
		}
		all = append(all, e)
	}
	return all
}

func TestAddEvidenceGivesTheSameHoldings(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		all := randomEvidence(r)
		var holdings []Holding
		for i, e := range all {
			more, ok := AddEvidence(holdings, e)
			want := Holdings(append([]Evidence(nil), all[:i+1]...))
			if !ok {
				more = want
			}
			if diff := cmp.Diff(want, more); diff != "" {
				t.Fatalf("seed %d, after %d: %s\n%v", seed, i+1, diff, all[:i+1])
			}
			holdings = more
		}
	}
}
