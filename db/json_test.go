package db_test

import (
	"slices"
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

// TestExtensionsOfReferences reads the members of a specification, a party and a product that have no field.
func TestExtensionsOfReferences(t *testing.T) {
	t.Parallel()
	const stored = `{"version":1,"id":"i","@type":"T","href":null,"more":{"a":[1]}}`
	u := &db.UsageRecord{SpecificationJSON: db.JSON(stored), RelatedPartiesJSON: db.JSON("[" + stored + "]")}
	p := &db.RatedUsage{ProductJSON: db.JSON(stored)}
	href := db.Characteristic{Name: "href"}
	want := []db.Characteristic{{Name: "version", Value: new("1")}, {Name: "@type", Value: new("T")}, {Name: "more", Value: new(`{"a":[1]}`)}}
	for name, tt := range map[string]struct {
		of interface {
			Extensions() ([]db.Characteristic, error)
		}
		want []db.Characteristic
	}{
		"specification": {must(u.Specification()), want},
		"party":         {&must(u.RelatedParties())[0], slices.Insert(slices.Clone(want), 2, href)},
		"product":       {must(p.Product()), want},
		"empty":         {&db.ProductRef{}, []db.Characteristic{}},
	} {
		if diff := cmp.Diff(tt.want, must(tt.of.Extensions())); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
