package lawtest_test

import (
	"flag"
	"math/rand/v2"
	"testing"

	"usagegraph/db/dbtest"
)

var (
	sets = flag.Int("law.sets", 0, "how many sets of documents are made for each database; 0 is 500 for SQLite and 60 for PostgreSQL, fewer under the race detector")
	seed = flag.Int("law.seed", -1, "the seed of the first set, and of the only one unless -law.sets is given")
)

// orders is in how many random orders each set is imported besides the one of the oracle.
const orders = 2

// tolerated is after how many failures no more sets are made.
const tolerated = 5

// seeds returns the first seed and how many sets are made for a database.
func seeds(url string) (first, n int) {
	n = 500 / slower
	if postgres(url) {
		n = 60 / slower
	}
	if *seed >= 0 {
		n = 1
	}
	if *sets > 0 {
		n = *sets
	}
	return max(*seed, 0), n
}

func TestTheStateIsAFunctionOfTheSetOfDocuments(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		first, n := seeds(url)
		failed := 0
		for seed := first; seed < first+n && failed < tolerated; seed++ {
			if !s.law(t, uint64(seed)) {
				failed++
			}
		}
	})
}

// TestTheCasesHoldInAnyOrder checks the sets of the cases.
func TestTheCasesHoldInAnyOrder(t *testing.T) {
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

// law checks the set of a seed and reports whether it holds. After a failure it searches the fewest documents that fail.
func (s *server) law(t *testing.T, seed uint64) bool {
	t.Helper()
	documents := makeSet(seed)
	made := decisions{madeLinks(seed, documents), madeAssignments(seed, documents)}
	err := s.check(documents, made, rand.New(rand.NewPCG(seed, 1)), orders)
	if err != nil {
		t.Errorf("-law.seed %d: %s", seed, s.shrink(documents, made, err))
	}
	return err == nil
}
