package lawtest_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"usagegraph/db/dbtest"
)

// regressions are sets that failed once, as few documents as still did.
var regressions = []struct {
	name      string
	documents []*document
}{
	{"a month that ends with the last records of others who dispute it", []*document{
		month("m14", "A", "s2", "2025-01", numbered("442079460124", "011442079460124")),
		fee("u17", "a", lastInstantOfJanuary, "x", numbered("442079460124", "442079460124")),
		fee("u18", "a", lastInstantOfJanuary, "y", numbered("442079460124", "442079460124")),
	}},
	{"a summary whose subscriptionId is its number", []*document{
		{Source: "STN", ID: "m16", Customer: "B", At: instant("2025-06"), Own: numbered("442079460124", "+442079460124")},
	}},
}

var lastInstantOfJanuary = instant("2025-02").Add(-time.Microsecond).Format(time.RFC3339Nano)

func TestWhatFailedOnceHoldsInAnyOrder(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		s := newServer(t, url)
		for i, tt := range regressions {
			if err := s.check(tt.documents, decisions{}, rand.New(rand.NewPCG(uint64(i), 4)), 8); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	})
}
