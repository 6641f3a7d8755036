package stn_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

func TestDemoEnvelope(t *testing.T) {
	t.Parallel()
	document := stn.Demo(sourcetest.SmallDemoSet)
	var envelope struct {
		Offset, Total int
		Results       []json.RawMessage
	}
	if err := json.NewDecoder(document.Reader()).Decode(&envelope); err != nil {
		t.Fatal(err)
	}
	if want := len(envelope.Results); envelope.Offset != 0 || envelope.Total != want || document.Count != want {
		t.Errorf("offset %d, total %d, count %d; want 0, %d and %d", envelope.Offset, envelope.Total, document.Count, want, want)
	}
}

type demoSummary struct {
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

// TestDemoTotals compares the totals of each summary with the sums of its details.
func TestDemoTotals(t *testing.T) {
	t.Parallel()
	unlimited := 0
	for _, s := range sourcetest.DemoRecords[demoSummary](t, stn.Demo(sourcetest.SmallDemoSet)) {
		if s.QuantityInBundleHomeData == -1 {
			unlimited++
		}
		volume := map[string]int64{}
		amount := map[string]*big.Rat{"": new(big.Rat)}
		for _, d := range s.UsageDetails {
			volume[d.InvoiceLineCode] += d.Volume
			amount[d.InvoiceLineCode] = sourcetest.Rat(t, d.Amount)
			amount[""].Add(amount[""], sourcetest.Rat(t, d.Amount))
			if want := volumeStr(d.InvoiceLineCode, d.Volume); d.VolumeStr != want {
				t.Errorf("%s: volumeStr of %s %d is %q, want %q", s.ID, d.InvoiceLineCode, d.Volume, d.VolumeStr, want)
			}
		}
		minutes := func(seconds int64) string { return big.NewRat(seconds, 60).FloatString(2) }
		// Six significant digits.
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
			if want := json.Number(f.want); sourcetest.Rat(t, f.got).Cmp(sourcetest.Rat(t, want)) != 0 {
				t.Errorf("%s: %s is %s, want %s", s.ID, f.name, f.got, want)
			}
		}
	}
	if unlimited == 0 {
		t.Error("no unlimited bundle")
	}
}

func orZero(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// volumeStr formats a volume as in the page's sample.
func volumeStr(code string, volume int64) string {
	switch {
	case strings.HasPrefix(code, "INT_"):
		return big.NewRat(volume, 1024).FloatString(0) + " MB"
	case strings.Contains(code, "SMS"):
		return fmt.Sprint(volume) + " stk"
	}
	return fmt.Sprintf("%02d:%02d:%02d", volume/3600, volume/60%60, volume%60)
}
