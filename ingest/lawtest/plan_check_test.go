package lawtest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestShuffledPlansHaveTheSameModel checks that the documents of each plan have the same model as the set.
func TestShuffledPlansHaveTheSameModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		documents := generateSet(seed)
		want := newModel(documents, decisions{}).described()
		random := rand.New(rand.NewPCG(seed, 1))
		for range 3 {
			var imported []*document
			for _, f := range inAnyOrder(random, documents) {
				imported = append(imported, f.documents...)
			}
			if diff := cmp.Diff(want, newModel(imported, decisions{}).described()); diff != "" {
				t.Fatalf("seed %d: %s", seed, diff)
			}
		}
	}
}
