package brm

import "slices"

// spelling is which of the page's two ways of writing a usage a route speaks; it indexes names.
type spelling int

const (
	sampleSpelling spelling = iota
	schemaSpelling
)

// names are what the sample and the schema call a member.
type names [2]string

func both(name string) names { return names{name, name} }

// member is one of an object's members: what it is called, and its value in T, where null is nil.
type member[T any] struct {
	names
	value func(*T) any
}

// usageMembers are a usage's, in the sample's order.
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

// priceMembers are those of an element of ratedProductUsage, in the sample's order.
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

// selection is which of a usage's members a client wants, by usageMembers; nil is all of them, with the extension.
type selection []bool

// always are the members that no client can do without (TMF630).
var always = []string{"id", "href"}

// noMembers is the selection of those alone.
func noMembers() selection {
	s := make(selection, len(usageMembers))
	for i, m := range usageMembers {
		s[i] = slices.Contains(always, m.names[sampleSpelling])
	}
	return s
}

// add adds a member by its name in either spelling; false where there is none of that name.
func (s selection) add(name string) bool {
	i := slices.IndexFunc(usageMembers, func(m member[Usage]) bool { return slices.Contains(m.names[:], name) })
	if i >= 0 {
		s[i] = true
	}
	return i >= 0
}

// has tells whether a member is selected, by its name in the sample.
func (s selection) has(name string) bool {
	return s == nil || s[slices.IndexFunc(usageMembers, func(m member[Usage]) bool { return m.names[sampleSpelling] == name })]
}

// names returns what is selected besides what always is, as the sample calls it.
func (s selection) names() []string {
	var list []string
	for i, m := range usageMembers {
		if name := m.names[sampleSpelling]; s[i] && !slices.Contains(always, name) {
			list = append(list, name)
		}
	}
	return list
}
