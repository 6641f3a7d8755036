package elevate

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/ingest"
)

// Record is a usage record in the page's format, with the fields in the documented order; null is nil.
type Record struct {
	ID         *int64 `json:"id"`
	CustomerID *int64 `json:"customerId"`
	SiteID     *int64 `json:"siteId"`
	BillRunID  *int64 `json:"billRunId"`
	// EventDate is an RFC 3339 time; Elevate writes it in UTC.
	EventDate *string `json:"eventDate"`
	// ProductReference is a number or a string.
	ProductReference         jsontext.Value `json:"productReference"`
	ServiceID                *string        `json:"serviceId"`
	Destination              *string        `json:"destination"`
	ChargeGroupID            *int64         `json:"chargeGroupId"`
	CallClass                *string        `json:"callClass"`
	OneOffQuantity           *ingest.Number `json:"oneOffQuantity"`
	DataQuantity             *ingest.Number `json:"dataQuantity"`
	DurationQuantity         *ingest.Number `json:"durationQuantity"`
	SellPrice                *ingest.Number `json:"sellPrice"`
	PreDiscountedSellPrice   *ingest.Number `json:"preDiscountedSellPrice"`
	BuyPrice                 *ingest.Number `json:"buyPrice"`
	RatedBuyPrice            *ingest.Number `json:"ratedBuyPrice"`
	Profit                   *ingest.Number `json:"profit"`
	ProfitPercentage         *ingest.Number `json:"profitPercentage"`
	MarginPercentage         *ingest.Number `json:"marginPercentage"`
	TimeBand                 *string        `json:"timeBand"`
	UsageProductID           *int64         `json:"usageProductId"`
	UsageDirection           *string        `json:"usageDirection"`
	Isdn                     *bool          `json:"isdn"`
	AdditionalInfoGeneral    *string        `json:"additionalInfoGeneral"`
	AdditionalInfoElectronic *string        `json:"additionalInfoElectronic"`
	SupplierAccountID        *int64         `json:"supplierAccountId"`
	FileName                 *string        `json:"fileName"`
	// LoadedDate is a date in the format 2006-01-02.
	LoadedDate *string `json:"loadedDate"`
	ParserName *string `json:"parserName"`
	FileType   *string `json:"fileType"`

	Extra jsontext.Value `json:",unknown"`
}
