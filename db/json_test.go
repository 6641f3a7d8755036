package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
)

// TestExtensionsHaveNoTimes keeps the members with a time as the document writes it out of the extensions.
func TestExtensionsHaveNoTimes(t *testing.T) {
	t.Parallel()
	const stored = `{"eventDate":"1","date":"2","ratingDate":"3","x":"4"}`
	for _, tt := range []struct {
		of interface {
			Extensions() ([]db.Characteristic, error)
		}
		want []string
	}{
		{&db.UsageRecord{Source: db.Elevate, Extension: db.JSON(stored)}, []string{"date", "ratingDate", "x"}},
		{&db.UsageRecord{Source: db.BRM, Extension: db.JSON(stored)}, []string{"eventDate", "ratingDate", "x"}},
		{&db.RatedUsage{Extension: db.JSON(stored)}, []string{"eventDate", "date", "x"}},
	} {
		names := convert(must(tt.of.Extensions()), func(c db.Characteristic) string { return c.Name })
		if diff := cmp.Diff(tt.want, names); diff != "" {
			t.Errorf("%T: %s", tt.of, diff)
		}
	}
}
