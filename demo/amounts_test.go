package demo_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"usagegraph/db"
)

func rat(t *testing.T, n json.Number) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		t.Fatalf("%q is no number", n)
	}
	return r
}

func TestCallsArePriced(t *testing.T) {
	t.Parallel()
	free := 0
	for _, r := range decoded[struct {
		ID                                                               int
		SellPrice, PreDiscountedSellPrice, BuyPrice, Profit              json.Number
		OneOffQuantity, DataQuantity, DurationQuantity, MarginPercentage json.Number
		EventDate                                                        time.Time
		LoadedDate, TimeBand, FileName                                   string
	}](t, small, db.Elevate) {
		buy, sell, list := rat(t, r.BuyPrice), rat(t, r.SellPrice), rat(t, r.PreDiscountedSellPrice)
		if buy.Sign() == 0 {
			free++
		}
		if buy.Sign() < 0 || sell.Cmp(buy) < 0 || buy.Sign() > 0 && sell.Cmp(buy) == 0 || list.Cmp(sell) < 0 {
			t.Errorf("call %d is bought for %s and sold for %s, %s before discounts", r.ID, r.BuyPrice, r.SellPrice, r.PreDiscountedSellPrice)
		}
		if new(big.Rat).Sub(sell, buy).Cmp(rat(t, r.Profit)) != 0 {
			t.Errorf("call %d: %s less %s is not %s", r.ID, r.SellPrice, r.BuyPrice, r.Profit)
		}
		if sell.Sign() > 0 {
			margin := new(big.Rat).Quo(rat(t, r.Profit), sell)
			if want := margin.Mul(margin, big.NewRat(100, 1)).FloatString(2); want != rat(t, r.MarginPercentage).FloatString(2) {
				t.Errorf("call %d has a margin of %s %%, want %s", r.ID, r.MarginPercentage, want)
			}
		}
		quantities := 0
		for _, q := range []json.Number{r.OneOffQuantity, r.DataQuantity, r.DurationQuantity} {
			quantities += rat(t, q).Sign()
		}
		if quantities != 1 {
			t.Errorf("call %d has %d quantities", r.ID, quantities)
		}
		day, err := time.Parse(time.DateOnly, r.LoadedDate)
		if since := day.Sub(r.EventDate); err != nil || since < 0 || since > 25*time.Hour {
			t.Errorf("call %d of %v was loaded %s", r.ID, r.EventDate, r.LoadedDate)
		}
		if before := day.AddDate(0, 0, -1).Format("20060102"); !strings.Contains(r.FileName, before) {
			t.Errorf("call %d stands in %s", r.ID, r.FileName)
		}
		if hour := r.EventDate.Hour(); r.TimeBand == "PEAK" && (hour < 7 || hour >= 18) {
			t.Errorf("call %d was at %v, in the peak", r.ID, r.EventDate)
		}
	}
	if free == 0 {
		t.Error("no call is free")
	}
}

func TestEventsAreTaxed(t *testing.T) {
	t.Parallel()
	type money struct {
		Unit  string
		Value json.Number
	}
	statuses := map[string]int{}
	currencies := map[string]int{}
	for i, r := range decoded[struct {
		Status            string
		RatedProductUsage []struct {
			TaxExcludedAmount, TaxIncludedAmount money
			TaxRate                              json.Number
			IsBilled                             bool
		}
	}](t, small, db.BRM) {
		statuses[r.Status]++
		price := r.RatedProductUsage[0]
		if price.IsBilled != (r.Status == "Billed") {
			t.Errorf("event %d is %s, but billed: %v", i, r.Status, price.IsBilled)
		}
		currencies[price.TaxExcludedAmount.Unit]++
		factor := new(big.Rat).Add(big.NewRat(1, 1), new(big.Rat).Quo(rat(t, price.TaxRate), big.NewRat(100, 1)))
		want := factor.Mul(factor, rat(t, price.TaxExcludedAmount.Value)).FloatString(2)
		if got := rat(t, price.TaxIncludedAmount.Value).FloatString(2); got != want || price.TaxExcludedAmount.Unit != price.TaxIncludedAmount.Unit {
			t.Errorf("event %d: %v with %s %% is %v, want %s", i, price.TaxExcludedAmount, price.TaxRate, price.TaxIncludedAmount, want)
		}
	}
	if statuses["Rated"] == 0 || statuses["Billed"] == 0 || len(statuses) != 2 {
		t.Errorf("statuses %v", statuses)
	}
	if currencies["EUR"] == 0 || currencies["USD"] == 0 || len(currencies) != 2 {
		t.Errorf("currencies %v", currencies)
	}
}

type usageSummary struct {
	ID                                                        string
	UsageHomeVoice, UsageHomeData, UsageHomeSms               json.Number
	UsageEuVoice, UsageEuData, UsageWorldVoice                json.Number
	UsageWorldData, AmountWorldData, AmountWorldVoice         json.Number
	AmountTotalUsage, AmountInternationalTotal, AmountPremium json.Number
	QuantityInBundleHomeData                                  int
	UsageDetails                                              []struct {
		InvoiceLineCode, VolumeStr string
		Volume                     int64
		Amount                     json.Number
	}
}

func TestSummariesAddUp(t *testing.T) {
	t.Parallel()
	unlimited := 0
	for _, s := range decoded[usageSummary](t, small, db.STN) {
		if s.QuantityInBundleHomeData == -1 {
			unlimited++
		}
		volume := map[string]int64{}
		amount := map[string]*big.Rat{"": new(big.Rat)}
		for _, d := range s.UsageDetails {
			volume[d.InvoiceLineCode] += d.Volume
			amount[d.InvoiceLineCode] = rat(t, d.Amount)
			amount[""].Add(amount[""], rat(t, d.Amount))
			if want := volumeText(d.InvoiceLineCode, d.Volume); d.VolumeStr != want {
				t.Errorf("%s: %s of %d is written %q, want %q", s.ID, d.InvoiceLineCode, d.Volume, d.VolumeStr, want)
			}
		}
		minutes := func(seconds int64) string { return big.NewRat(seconds, 60).FloatString(2) }
		// Six significant digits: the more before the point, the fewer after it.
		megabytes := func(kilobytes int64) string {
			return big.NewRat(kilobytes, 1024).FloatString(6 - len(fmt.Sprint(kilobytes/1024)))
		}
		sum := func(a, b *big.Rat) string { return new(big.Rat).Add(orZero(a), orZero(b)).FloatString(2) }
		for _, f := range []struct {
			name string
			got  json.Number
			want string
		}{
			{"usageHomeVoice", s.UsageHomeVoice, minutes(volume["N_MOBKPN"] + volume["N_FIXED"])},
			{"usageHomeData", s.UsageHomeData, megabytes(volume["INT_NAT"])},
			{"usageHomeSms", s.UsageHomeSms, fmt.Sprint(volume["SMS_NAT"])},
			{"usageEuVoice", s.UsageEuVoice, minutes(volume["EU_VOICE"])},
			{"usageEuData", s.UsageEuData, megabytes(volume["INT_EU"])},
			{"usageWorldVoice", s.UsageWorldVoice, minutes(volume["WORLD_VOICE"])},
			{"usageWorldData", s.UsageWorldData, megabytes(volume["INT_WORLD"])},
			{"amountWorldVoice", s.AmountWorldVoice, sum(amount["WORLD_VOICE"], nil)},
			{"amountWorldData", s.AmountWorldData, sum(amount["INT_WORLD"], nil)},
			{"amountPremium", s.AmountPremium, sum(amount["PRMSMS"], nil)},
			{"amountInternationalTotal", s.AmountInternationalTotal, sum(amount["INT_WORLD"], amount["WORLD_VOICE"])},
			{"amountTotalUsage", s.AmountTotalUsage, sum(amount[""], nil)},
		} {
			if f.got == "" {
				f.got = "0"
			}
			if want := json.Number(f.want); rat(t, f.got).Cmp(rat(t, want)) != 0 {
				t.Errorf("%s: %s is %s, its details make %s", s.ID, f.name, f.got, want)
			}
		}
	}
	if unlimited == 0 {
		t.Error("no bundle is unlimited")
	}
}

func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// volumeText writes a volume as stn's sample does.
func volumeText(code string, volume int64) string {
	switch {
	case strings.HasPrefix(code, "INT_"):
		return big.NewRat(volume, 1024).FloatString(0) + " MB"
	case strings.Contains(code, "SMS"):
		return fmt.Sprint(volume) + " stk"
	}
	return fmt.Sprintf("%02d:%02d:%02d", volume/3600, volume/60%60, volume%60)
}

// A report's buckets agree with themselves: what is available is the balance of the period that runs.
func TestReportsAgree(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	for _, r := range decoded[struct {
		EffectiveDate string
		Bucket        []struct {
			Name           string
			Characteristic []struct{ Name, Value string }
			BucketBalance  []struct {
				RemainingValue struct{ Amount json.Number }
				ValidFor       struct{ StartDateTime, EndDateTime string }
			}
		}
	}](t, small, db.DXP) {
		kinds[r.Bucket[0].Name]++
		for _, b := range r.Bucket {
			current := 0
			for _, balance := range b.BucketBalance {
				if balance.ValidFor.StartDateTime > r.EffectiveDate || balance.ValidFor.EndDateTime <= r.EffectiveDate {
					continue
				}
				current++
				if available := b.Characteristic[0]; available.Name != "AvailableAmount" || available.Value != balance.RemainingValue.Amount.String() {
					t.Errorf("%s: %v, but %s remain", b.Name, available, balance.RemainingValue.Amount)
				}
			}
			if len(b.BucketBalance) > 0 && current != 1 {
				t.Errorf("%s: %d periods at %s", b.Name, current, r.EffectiveDate)
			}
		}
	}
	if kinds["Prepaid Balance"] == 0 || kinds["Postpaid Balance"] == 0 {
		t.Errorf("reports of %v", kinds)
	}
}
