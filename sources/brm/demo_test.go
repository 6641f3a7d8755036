package brm_test

import (
	"encoding/json"
	"math/big"
	"testing"

	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

func TestDemoAmountsAndStatuses(t *testing.T) {
	t.Parallel()
	type money struct {
		Unit  string
		Value json.Number
	}
	statuses := map[string]int{}
	currencies := map[string]int{}
	for i, r := range sourcetest.DemoRecords[struct {
		Status            string
		RatedProductUsage []struct {
			TaxExcludedAmount, TaxIncludedAmount money
			TaxRate                              json.Number
			IsBilled                             bool
		}
	}](t, brm.Demo(sourcetest.SmallDemoSet)) {
		statuses[r.Status]++
		price := r.RatedProductUsage[0]
		if price.IsBilled != (r.Status == "Billed") {
			t.Errorf("event %d: status %s, isBilled %v", i, r.Status, price.IsBilled)
		}
		currencies[price.TaxExcludedAmount.Unit]++
		factor := new(big.Rat).Add(big.NewRat(1, 1), new(big.Rat).Quo(sourcetest.Rat(t, price.TaxRate), big.NewRat(100, 1)))
		want := factor.Mul(factor, sourcetest.Rat(t, price.TaxExcludedAmount.Value)).FloatString(2)
		if got := sourcetest.Rat(t, price.TaxIncludedAmount.Value).FloatString(2); got != want || price.TaxExcludedAmount.Unit != price.TaxIncludedAmount.Unit {
			t.Errorf("event %d: %v with %s %% tax is %v, want %s", i, price.TaxExcludedAmount, price.TaxRate, price.TaxIncludedAmount, want)
		}
	}
	if statuses["Rated"] == 0 || statuses["Billed"] == 0 || len(statuses) != 2 {
		t.Errorf("statuses %v, want Rated and Billed", statuses)
	}
	if currencies["EUR"] == 0 || currencies["USD"] == 0 || len(currencies) != 2 {
		t.Errorf("currencies %v, want EUR and USD", currencies)
	}
}
