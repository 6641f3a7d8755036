package dxp

import "github.com/go-json-experiment/json/jsontext"

// The values of @type on the page.
const (
	reportType = "UsageConsumptionReport"
	bucketType = "BucketBalance"
)

// Report is a usage consumption report in the page's format, with the fields in the sample's order; nil members are
// left out. All Characteristic fields hold an array of {"value": ..., "name": ...}.
type Report struct {
	Description *string `json:"description,omitzero"`
	// EffectiveDate is a local time without zone, like all times of a report.
	EffectiveDate  *string        `json:"effectiveDate,omitzero"`
	Type           *string        `json:"@type,omitzero"`
	Characteristic jsontext.Value `json:"characteristic,omitzero"`
	Bucket         []*Bucket      `json:"bucket,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// Bucket is an allowance or a balance.
type Bucket struct {
	ID             *string        `json:"id,omitzero"`
	Name           *string        `json:"name,omitzero"`
	UsageType      *string        `json:"usageType,omitzero"`
	IsShared       *bool          `json:"isShared,omitzero"`
	Type           *string        `json:"@type,omitzero"`
	Characteristic jsontext.Value `json:"characteristic,omitzero"`
	// Product is an array of {"publicIdentifier": ...}.
	Product       jsontext.Value   `json:"product,omitzero"`
	BucketBalance []*BucketBalance `json:"bucketBalance,omitzero"`
	BucketCounter []*BucketCounter `json:"bucketCounter,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// BucketBalance is a bucket's balance in one period.
type BucketBalance struct {
	RemainingValueName *string        `json:"remainingValueName,omitzero"`
	RemainingValue     *Quantity      `json:"remainingValue,omitzero"`
	ValidFor           *Period        `json:"validFor,omitzero"`
	Characteristic     jsontext.Value `json:"characteristic,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// BucketCounter is a threshold or counter of a bucket.
type BucketCounter struct {
	CounterType *string   `json:"counterType,omitzero"`
	Level       *string   `json:"level,omitzero"`
	Value       *Quantity `json:"value,omitzero"`
	ValueName   *string   `json:"valueName,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// Quantity is an amount of Units; Amount is a number or "infinity".
type Quantity struct {
	Amount jsontext.Value `json:"amount,omitzero"`
	Units  *string        `json:"units,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// Period is from a start to an end, both local.
type Period struct {
	StartDateTime *string `json:"startDateTime,omitzero"`
	EndDateTime   *string `json:"endDateTime,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}
