package lawtest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAnyOrderMeansTheSameToTheOracle checks the plans alone: by the oracle, each of them has the words of the set.
func TestAnyOrderMeansTheSameToTheOracle(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		documents := makeSet(seed)
		want := judge(documents, decisions{}).described()
		random := rand.New(rand.NewPCG(seed, 1))
		for range 3 {
			var imported []*document
			for _, f := range inAnyOrder(random, documents) {
				imported = append(imported, f.documents...)
			}
			if diff := cmp.Diff(want, judge(imported, decisions{}).described()); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
		}
	}
}
