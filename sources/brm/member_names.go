package brm

import "slices"

// spelling selects the member names of a route, those of the page's sample or of its schema. It is an index into names.
type spelling int

const (
	sampleSpelling spelling = iota
	schemaSpelling
)

// names holds the name of a member in the sample and in the schema.
type names [2]string

// both returns the same name for sample and schema.
func both(name string) names { return names{name, name} }

// member is a member of a JSON object: its names and a function that returns its value in T, nil for null.
type member[T any] struct {
	names
	value func(*T) any
}

// usageMembers holds the members of a usage, in the sample's order.
var usageMembers = []member[Usage]{
	{both("@baseType"), func(u *Usage) any { return u.BaseType }},
	{both("@schemaLocation"), func(u *Usage) any { return u.SchemaLocation }},
	{both("@type"), func(u *Usage) any { return u.Type }},
	{both("id"), func(u *Usage) any { return u.ID }},
	{both("href"), func(u *Usage) any { return u.Href }},
	{names{"date", "usageDate"}, func(u *Usage) any { return u.Date }},
	{both("description"), func(u *Usage) any { return u.Description }},
	{names{"type", "usageType"}, func(u *Usage) any { return u.EventClass }},
	{both("status"), func(u *Usage) any { return u.Status }},
	{both("usageSpecification"), func(u *Usage) any { return u.UsageSpecification }},
	{both("usageCharacteristic"), func(u *Usage) any { return u.UsageCharacteristic }},
	{both("relatedParty"), func(u *Usage) any { return u.RelatedParty }},
	{both("ratedProductUsage"), func(u *Usage) any { return u.RatedProductUsage }},
}

// priceMembers holds the members of an element of ratedProductUsage, in the sample's order.
var priceMembers = []member[RatedProductUsage]{
	{both("@baseType"), func(p *RatedProductUsage) any { return p.BaseType }},
	{both("@schemaLocation"), func(p *RatedProductUsage) any { return p.SchemaLocation }},
	{both("@type"), func(p *RatedProductUsage) any { return p.Type }},
	{both("ratingDate"), func(p *RatedProductUsage) any { return p.RatingDate }},
	{both("usageRatingTag"), func(p *RatedProductUsage) any { return p.UsageRatingTag }},
	{both("isBilled"), func(p *RatedProductUsage) any { return p.IsBilled }},
	{both("ratingAmountType"), func(p *RatedProductUsage) any { return p.RatingAmountType }},
	{names{"taxExcludedAmount", "taxExcludedRatingAmount"}, func(p *RatedProductUsage) any { return p.TaxExcludedAmount }},
	{names{"taxIncludedAmount", "taxIncludedRatingAmount"}, func(p *RatedProductUsage) any { return p.TaxIncludedAmount }},
	{both("taxRate"), func(p *RatedProductUsage) any { return p.TaxRate }},
	{both("isTaxExempt"), func(p *RatedProductUsage) any { return p.IsTaxExempt }},
	{both("offerTariffType"), func(p *RatedProductUsage) any { return p.OfferTariffType }},
	{both("bucketValueConvertedInAmount"), func(p *RatedProductUsage) any { return p.BucketValueConvertedInAmount }},
	{both("productRef"), func(p *RatedProductUsage) any { return p.ProductRef }},
}

// selection holds for each of usageMembers whether it is selected; nil selects all, and the extension.
type selection []bool

// requiredMembers holds the members that every response includes (TMF630).
var requiredMembers = []string{"id", "href"}

// selectRequired returns the selection of requiredMembers.
func selectRequired() selection {
	s := make(selection, len(usageMembers))
	for i, m := range usageMembers {
		s[i] = slices.Contains(requiredMembers, m.names[sampleSpelling])
	}
	return s
}

// add selects a member by its name in either spelling; false for an unknown name.
func (s selection) add(name string) bool {
	i := slices.IndexFunc(usageMembers, func(m member[Usage]) bool { return slices.Contains(m.names[:], name) })
	if i >= 0 {
		s[i] = true
	}
	return i >= 0
}

// has reports whether a member is selected, by its name in the sample.
func (s selection) has(name string) bool {
	return s == nil || s[slices.IndexFunc(usageMembers, func(m member[Usage]) bool { return m.names[sampleSpelling] == name })]
}

// names returns the selected members without requiredMembers, by their names in the sample.
func (s selection) names() []string {
	var list []string
	for i, m := range usageMembers {
		if name := m.names[sampleSpelling]; s[i] && !slices.Contains(requiredMembers, name) {
			list = append(list, name)
		}
	}
	return list
}
