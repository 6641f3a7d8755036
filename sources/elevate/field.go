package elevate

import (
	"reflect"
	"slices"

	"usagegraph/db"
	"usagegraph/ingest"
)

// field is a field of a Record that a request can select and sort by.
type field struct {
	name string
	// order holds the sort keys in the store. Ids are stored as text, so their length comes before their text.
	order []db.UsageRecordOrderField
}

// fields holds the fields of a Record, in the order of its struct fields.
var fields = []field{
	{"id", order("SOURCE_ID_LENGTH", "SOURCE_ID")},
	{"customerId", order("SOURCE_CUSTOMER_ID_LENGTH", "SOURCE_CUSTOMER_ID")},
	{"siteId", order("SITE_ID")},
	{"billRunId", order("BILL_RUN_ID")},
	{"eventDate", order("EVENT_TIME")},
	{"productReference", order("PRODUCT_REFERENCE")},
	{"serviceId", order("SERVICE_ID")},
	{"destination", order("DESTINATION")},
	{"chargeGroupId", order("CHARGE_GROUP_ID")},
	{"callClass", order("CALL_CLASS")},
	{"oneOffQuantity", order("ONE_OFF_QUANTITY")},
	{"dataQuantity", order("DATA_QUANTITY")},
	{"durationQuantity", order("DURATION_QUANTITY")},
	{"sellPrice", order("SELL")},
	{"preDiscountedSellPrice", order("PRE_DISCOUNTED")},
	{"buyPrice", order("COST")},
	{"ratedBuyPrice", order("RATED_COST")},
	{"profit", order("PROFIT")},
	{"profitPercentage", order("PROFIT_PERCENTAGE")},
	{"marginPercentage", order("MARGIN_PERCENTAGE")},
	{"timeBand", order("TIME_BAND")},
	{"usageProductId", order("USAGE_PRODUCT_ID")},
	{"usageDirection", order("DIRECTION")},
	{"isdn", order("ISDN")},
	{"additionalInfoGeneral", order("ADDITIONAL_INFO_GENERAL")},
	{"additionalInfoElectronic", order("ADDITIONAL_INFO_ELECTRONIC")},
	{"supplierAccountId", order("SUPPLIER_ACCOUNT_ID")},
	{"fileName", order("FILE_NAME")},
	{"loadedDate", order("LOADED_DATE")},
	{"parserName", order("PARSER_NAME")},
	{"fileType", order("FILE_TYPE")},
}

func order(keys ...db.UsageRecordOrderField) []db.UsageRecordOrderField { return keys }

// fieldIndex returns the index of a field in fields and in Record; -1 for an unknown name.
func fieldIndex(name string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.name == name })
}

// columns returns the fields of a Record as columns of a CSV document. A product reference is text there.
func columns() []ingest.Column {
	record, all := reflect.TypeFor[Record](), make([]ingest.Column, len(fields))
	for i, f := range fields {
		all[i] = ingest.Column{Name: f.name}
		switch record.Field(i).Type {
		case reflect.TypeFor[*int64](), reflect.TypeFor[*ingest.Number]():
			all[i].Kind = ingest.NumberColumn
		case reflect.TypeFor[*bool]():
			all[i].Kind = ingest.BoolColumn
		}
	}
	return all
}
