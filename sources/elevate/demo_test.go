package elevate_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

func TestDemoPricesAndQuantities(t *testing.T) {
	t.Parallel()
	free := 0
	for _, r := range sourcetest.DemoRecords[struct {
		ID                                                               int
		SellPrice, PreDiscountedSellPrice, BuyPrice, Profit              json.Number
		OneOffQuantity, DataQuantity, DurationQuantity, MarginPercentage json.Number
	}](t, elevate.Demo(sourcetest.SmallDemoSet)) {
		buy, sell, list := sourcetest.Rat(t, r.BuyPrice), sourcetest.Rat(t, r.SellPrice), sourcetest.Rat(t, r.PreDiscountedSellPrice)
		if buy.Sign() == 0 {
			free++
		}
		if buy.Sign() < 0 || sell.Cmp(buy) < 0 || buy.Sign() > 0 && sell.Cmp(buy) == 0 || list.Cmp(sell) < 0 {
			t.Errorf("record %d: buyPrice %s, sellPrice %s, preDiscountedSellPrice %s", r.ID, r.BuyPrice, r.SellPrice, r.PreDiscountedSellPrice)
		}
		if new(big.Rat).Sub(sell, buy).Cmp(sourcetest.Rat(t, r.Profit)) != 0 {
			t.Errorf("record %d: profit %s, want %s - %s", r.ID, r.Profit, r.SellPrice, r.BuyPrice)
		}
		if sell.Sign() > 0 {
			margin := new(big.Rat).Quo(sourcetest.Rat(t, r.Profit), sell)
			if want := margin.Mul(margin, big.NewRat(100, 1)).FloatString(2); want != sourcetest.Rat(t, r.MarginPercentage).FloatString(2) {
				t.Errorf("record %d: marginPercentage %s, want %s", r.ID, r.MarginPercentage, want)
			}
		}
		quantities := 0
		for _, q := range []json.Number{r.OneOffQuantity, r.DataQuantity, r.DurationQuantity} {
			quantities += sourcetest.Rat(t, q).Sign()
		}
		if quantities != 1 {
			t.Errorf("record %d has %d quantities, want 1", r.ID, quantities)
		}
	}
	if free == 0 {
		t.Error("no record is free of charge")
	}
}

func TestDemoDates(t *testing.T) {
	t.Parallel()
	for _, r := range sourcetest.DemoRecords[struct {
		ID                             int
		EventDate                      time.Time
		LoadedDate, TimeBand, FileName string
	}](t, elevate.Demo(sourcetest.SmallDemoSet)) {
		loaded, err := time.Parse(time.DateOnly, r.LoadedDate)
		if since := loaded.Sub(r.EventDate); err != nil || since < 0 || since > 25*time.Hour {
			t.Errorf("record %d: eventDate %v, loadedDate %s", r.ID, r.EventDate, r.LoadedDate)
		}
		if day := loaded.AddDate(0, 0, -1).Format("20060102"); !strings.Contains(r.FileName, day) {
			t.Errorf("record %d: fileName %s does not contain %s", r.ID, r.FileName, day)
		}
		if hour := r.EventDate.Hour(); r.TimeBand == "PEAK" && (hour < 7 || hour >= 18) {
			t.Errorf("record %d: PEAK at %v", r.ID, r.EventDate)
		}
	}
}
