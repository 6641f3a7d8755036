package dxp_test

import (
	"encoding/json"
	"testing"

	"usagegraph/sources/dxp"
	"usagegraph/sources/sourcetest"
)

// TestDemoAvailableAmounts compares the available amount of each bucket with the balance of its current period.
func TestDemoAvailableAmounts(t *testing.T) {
	t.Parallel()
	names := map[string]int{}
	for _, r := range sourcetest.DemoRecords[struct {
		EffectiveDate string
		Bucket        []struct {
			Name           string
			Characteristic []struct{ Name, Value string }
			BucketBalance  []struct {
				RemainingValue struct{ Amount json.Number }
				ValidFor       struct{ StartDateTime, EndDateTime string }
			}
		}
	}](t, dxp.Demo(sourcetest.SmallDemoSet)) {
		names[r.Bucket[0].Name]++
		for _, b := range r.Bucket {
			current := 0
			for _, balance := range b.BucketBalance {
				if balance.ValidFor.StartDateTime > r.EffectiveDate || balance.ValidFor.EndDateTime <= r.EffectiveDate {
					continue
				}
				current++
				if available := b.Characteristic[0]; available.Name != "AvailableAmount" || available.Value != balance.RemainingValue.Amount.String() {
					t.Errorf("%s: %v, want AvailableAmount %s", b.Name, available, balance.RemainingValue.Amount)
				}
			}
			if len(b.BucketBalance) > 0 && current != 1 {
				t.Errorf("%s: %d current balances at %s, want 1", b.Name, current, r.EffectiveDate)
			}
		}
	}
	if names["Prepaid Balance"] == 0 || names["Postpaid Balance"] == 0 {
		t.Errorf("first buckets %v, want Prepaid Balance and Postpaid Balance", names)
	}
}
