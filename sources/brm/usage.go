package brm

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/ingest"
)

// Usage is a usage event in the format of the page's sample, with the fields in its order; null is nil.
type Usage struct {
	BaseType       *string `json:"@baseType"`
	SchemaLocation *string `json:"@schemaLocation"`
	Type           *string `json:"@type"`
	ID             *string `json:"id"`
	Href           *string `json:"href"`
	// Date is an RFC 3339 time with its offset.
	Date *string `json:"date"`
	// Description is in the page's schema; the sample leaves it out.
	Description *string `json:"description,omitzero"`
	EventClass  *string `json:"type"`
	Status      *string `json:"status"`
	// UsageSpecification is an object, UsageCharacteristic and RelatedParty are arrays of objects.
	UsageSpecification  jsontext.Value       `json:"usageSpecification"`
	UsageCharacteristic jsontext.Value       `json:"usageCharacteristic"`
	RelatedParty        jsontext.Value       `json:"relatedParty"`
	RatedProductUsage   []*RatedProductUsage `json:"ratedProductUsage,format:emitnull"`

	// UsageDate and UsageType are the schema's names of Date and EventClass.
	UsageDate *string `json:"usageDate,omitzero"`
	UsageType *string `json:"usageType,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// RatedProductUsage is a price in the format of the page's sample.
type RatedProductUsage struct {
	BaseType          *string        `json:"@baseType"`
	SchemaLocation    *string        `json:"@schemaLocation"`
	Type              *string        `json:"@type"`
	RatingDate        *string        `json:"ratingDate"`
	UsageRatingTag    *string        `json:"usageRatingTag"`
	IsBilled          *bool          `json:"isBilled"`
	RatingAmountType  *string        `json:"ratingAmountType"`
	TaxExcludedAmount *Money         `json:"taxExcludedAmount"`
	TaxIncludedAmount *Money         `json:"taxIncludedAmount"`
	TaxRate           *ingest.Number `json:"taxRate"`
	IsTaxExempt       *bool          `json:"isTaxExempt"`
	OfferTariffType   *string        `json:"offerTariffType"`
	// BucketValueConvertedInAmount and ProductRef are objects.
	BucketValueConvertedInAmount jsontext.Value `json:"bucketValueConvertedInAmount"`
	ProductRef                   jsontext.Value `json:"productRef"`

	// TaxExcludedRatingAmount and TaxIncludedRatingAmount are the schema's names of the two amounts.
	TaxExcludedRatingAmount *Money `json:"taxExcludedRatingAmount,omitzero"`
	TaxIncludedRatingAmount *Money `json:"taxIncludedRatingAmount,omitzero"`
	// Product is the name of ProductRef in TMF635 version 5.
	Product jsontext.Value `json:"product,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// Money is an amount. It is money if Unit is an ISO 4217 code.
type Money struct {
	Unit  *string        `json:"unit"`
	Value *ingest.Number `json:"value"`

	BaseType       *string        `json:"@baseType,omitzero"`
	SchemaLocation *string        `json:"@schemaLocation,omitzero"`
	Type           *string        `json:"@type,omitzero"`
	Extra          jsontext.Value `json:",unknown"`
}
