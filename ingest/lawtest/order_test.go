package lawtest_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"usagegraph/db/dbtest"
)

var (
	sets = flag.Int("law.sets", 0, "the number of document sets for each database; 0 selects 500 for SQLite and 60 for PostgreSQL, fewer under the race detector")
	seed = flag.Int("law.seed", -1, "the seed of the first set, and of the only one unless -law.sets is given")
)

// orders is the number of random orders in which each set is imported, in addition to the order of the oracle.
const orders = 2

// maxFailures is the number of failed sets after which a test stops.
const maxFailures = 5

// seeds returns the first seed and the number of sets for a database.
func seeds(url string) (first, n int) {
	n = 500 / raceFactor
	if postgres(url) {
		n = 60 / raceFactor
	}
	if *seed >= 0 {
		n = 1
	}
	if *sets > 0 {
		n = *sets
	}
	return max(*seed, 0), n
}

func TestStateDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		first, n := seeds(url)
		failed := 0
		for seed := first; seed < first+n && failed < maxFailures; seed++ {
			if !s.checkSeed(t, uint64(seed)) {
				failed++
			}
		}
	})
}

// TestCasesInAnyOrder checks the sets of the oracle's cases.
func TestCasesInAnyOrder(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for i, tt := range oracleCases {
			if err := s.check(tt.documents, decisions{}, rand.New(rand.NewPCG(uint64(i), 2)), orders); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}

// checkSeed checks the set of a seed and reports whether it holds. After a failure it searches for the fewest documents
// that fail.
func (s *server) checkSeed(t *testing.T, seed uint64) bool {
	t.Helper()
	documents := generateSet(seed)
	made := decisions{generateLinks(seed, documents), generateAssignments(seed, documents)}
	err := s.check(documents, made, rand.New(rand.NewPCG(seed, 1)), orders)
	if err != nil {
		t.Errorf("-law.seed %d: %s", seed, s.shrink(documents, made, err))
	}
	return err == nil
}
