package stn

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/ingest"
)

// Summary is a usage summary in the page's format, with the fields in the sample's order; nil fields are left out.
type Summary struct {
	ID             *string `json:"id,omitzero"`
	SubscriptionID *string `json:"subscriptionId,omitzero"`
	PhoneNumber    *string `json:"phoneNumber,omitzero"`
	// SimCardNumber can be filtered by, but is not in responses.
	SimCardNumber *string `json:"simCardNumber,omitzero"`
	// YearMonth is a month in the format 2006_01.
	YearMonth     *string `json:"yearMonth,omitzero"`
	CustomerID    *string `json:"customerId,omitzero"`
	ProviderGroup *string `json:"providerGroup,omitzero"`

	QuantityInBundleHomeVoice  *ingest.Number `json:"quantityInBundleHomeVoice,omitzero"`
	UsageHomeVoice             *ingest.Number `json:"usageHomeVoice,omitzero"`
	QuantityInBundleHomeData   *ingest.Number `json:"quantityInBundleHomeData,omitzero"`
	UsageHomeData              *ingest.Number `json:"usageHomeData,omitzero"`
	QuantityInBundleHomeSms    *ingest.Number `json:"quantityInBundleHomeSms,omitzero"`
	UsageHomeSms               *ingest.Number `json:"usageHomeSms,omitzero"`
	QuantityInBundleEuVoice    *ingest.Number `json:"quantityInBundleEuVoice,omitzero"`
	UsageEuVoice               *ingest.Number `json:"usageEuVoice,omitzero"`
	QuantityInBundleEuData     *ingest.Number `json:"quantityInBundleEuData,omitzero"`
	UsageEuData                *ingest.Number `json:"usageEuData,omitzero"`
	QuantityInBundleEuSms      *ingest.Number `json:"quantityInBundleEuSms,omitzero"`
	UsageEuSms                 *ingest.Number `json:"usageEuSms,omitzero"`
	QuantityInBundleWorldVoice *ingest.Number `json:"quantityInBundleWorldVoice,omitzero"`
	UsageWorldVoice            *ingest.Number `json:"usageWorldVoice,omitzero"`
	QuantityInBundleWorldData  *ingest.Number `json:"quantityInBundleWorldData,omitzero"`
	UsageWorldData             *ingest.Number `json:"usageWorldData,omitzero"`
	QuantityInBundleWorldSms   *ingest.Number `json:"quantityInBundleWorldSms,omitzero"`
	UsageWorldSms              *ingest.Number `json:"usageWorldSms,omitzero"`

	AmountPremium            *ingest.Number `json:"amountPremium,omitzero"`
	IsGroupSim               *bool          `json:"isGroupSim,omitzero"`
	AmountTotalUsage         *ingest.Number `json:"amountTotalUsage,omitzero"`
	AmountInternationalTotal *ingest.Number `json:"amountInternationalTotal,omitzero"`

	AmountHomeVoice  *ingest.Number `json:"amountHomeVoice,omitzero"`
	AmountHomeData   *ingest.Number `json:"amountHomeData,omitzero"`
	AmountHomeSms    *ingest.Number `json:"amountHomeSms,omitzero"`
	AmountEuVoice    *ingest.Number `json:"amountEuVoice,omitzero"`
	AmountEuData     *ingest.Number `json:"amountEuData,omitzero"`
	AmountEuSms      *ingest.Number `json:"amountEuSms,omitzero"`
	AmountWorldVoice *ingest.Number `json:"amountWorldVoice,omitzero"`
	AmountWorldData  *ingest.Number `json:"amountWorldData,omitzero"`
	AmountWorldSms   *ingest.Number `json:"amountWorldSms,omitzero"`

	UsageDetails []*UsageDetail `json:"usageDetails,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// UsageDetail is an invoice line in the page's format.
type UsageDetail struct {
	InvoiceLineType *string `json:"invoiceLineType,omitzero"`
	InvoiceLineCode *string `json:"invoiceLineCode,omitzero"`
	Description     *string `json:"description,omitzero"`
	SortOrder       *int32  `json:"sortOrder,omitzero"`
	// Quantity is the number of uses. The unit of Volume depends on the code.
	Quantity    *ingest.Number `json:"quantity,omitzero"`
	Volume      *ingest.Number `json:"volume,omitzero"`
	VolumeStr   *string        `json:"volumeStr,omitzero"`
	Amount      *ingest.Number `json:"amount,omitzero"`
	RefID       *int64         `json:"refId,omitzero"`
	RateClassID *string        `json:"rateClassId,omitzero"`

	Extra jsontext.Value `json:",unknown"`
}

// Allowance holds the fields of a summary for one zone and service, as pointers for reading and writing.
type Allowance struct {
	Zone, Service           string
	InBundle, Usage, Amount **ingest.Number
}

// Allowances returns the nine allowances of a summary, in the order of its fields.
func (s *Summary) Allowances() []Allowance {
	return []Allowance{
		{"Home", "Voice", &s.QuantityInBundleHomeVoice, &s.UsageHomeVoice, &s.AmountHomeVoice},
		{"Home", "Data", &s.QuantityInBundleHomeData, &s.UsageHomeData, &s.AmountHomeData},
		{"Home", "Sms", &s.QuantityInBundleHomeSms, &s.UsageHomeSms, &s.AmountHomeSms},
		{"Eu", "Voice", &s.QuantityInBundleEuVoice, &s.UsageEuVoice, &s.AmountEuVoice},
		{"Eu", "Data", &s.QuantityInBundleEuData, &s.UsageEuData, &s.AmountEuData},
		{"Eu", "Sms", &s.QuantityInBundleEuSms, &s.UsageEuSms, &s.AmountEuSms},
		{"World", "Voice", &s.QuantityInBundleWorldVoice, &s.UsageWorldVoice, &s.AmountWorldVoice},
		{"World", "Data", &s.QuantityInBundleWorldData, &s.UsageWorldData, &s.AmountWorldData},
		{"World", "Sms", &s.QuantityInBundleWorldSms, &s.UsageWorldSms, &s.AmountWorldSms},
	}
}
