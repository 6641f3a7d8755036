package db_test

import (
	"testing"

	"usagegraph/db"
)

func TestQuantityText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		q    db.Quantity
		want string
	}{
		{"megabytes", db.Quantity{Amount: number("1.50"), Unit: new(db.Megabyte)}, "1.50 MB"},
		{"minutes", db.Quantity{Amount: number("3"), Unit: new(db.Minute)}, "3 min"},
		{"a count", db.Quantity{Amount: number("3"), Unit: new(db.Count)}, "3"},
		{"no unit", db.Quantity{Amount: number("3")}, "3"},
		{"unlimited", db.Quantity{Unlimited: true, Unit: new(db.Megabyte)}, "unlimited"},
		{"unlimited, with the source's number", db.Quantity{Amount: number("-1"), Unlimited: true}, "unlimited"},
		{"the source's own text", db.Quantity{Amount: number("1"), Unlimited: true, SourceText: "2694 MB"}, "2694 MB"},
		{"nothing", db.Quantity{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.q.Text(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
