package db

// usageRecordOrders are the columns that usage records can be ordered by: first those of GraphQL, then those that only
// the endpoints of elevate and brm have.
var usageRecordOrders = map[UsageRecordOrderField]column{
	"CREATED":           {name: "id", kind: longColumn},
	"EVENT_TIME":        {name: "event_time", kind: timeColumn},
	"SOURCE_ID":         {name: "source_id", kind: textColumn},
	"USAGE_TYPE":        {name: "usage_type", kind: textColumn},
	"STATUS":            {name: "status", kind: textColumn, nullable: true},
	"DESCRIPTION":       {name: "description", kind: textColumn, nullable: true},
	"SERVICE_ID":        {name: "service_id", kind: textColumn, nullable: true},
	"DESTINATION":       {name: "destination", kind: textColumn, nullable: true},
	"PRODUCT_REFERENCE": {name: "product_reference", kind: textColumn, nullable: true},
	"DATA_QUANTITY":     {name: "data_quantity", kind: decimalColumn, nullable: true},
	"DURATION_QUANTITY": {name: "duration_quantity", kind: decimalColumn, nullable: true},
	"LOADED_DATE":       {name: "loaded_date", kind: textColumn, nullable: true},

	// Ordering numeric ids by length first puts 10 after 9.
	"SOURCE_ID_LENGTH":           {name: "source_id", kind: longColumn, expression: "LENGTH({t}source_id)"},
	"SOURCE_CUSTOMER_ID_LENGTH":  {name: "source_customer_id", kind: longColumn, nullable: true, expression: "LENGTH({t}source_customer_id)"},
	"ONE_OFF_QUANTITY":           {name: "one_off_quantity", kind: decimalColumn, nullable: true},
	"CALL_CLASS":                 {name: "call_class", kind: textColumn, nullable: true},
	"CHARGE_GROUP_ID":            {name: "charge_group_id", kind: longColumn, nullable: true},
	"TIME_BAND":                  {name: "time_band", kind: textColumn, nullable: true},
	"SITE_ID":                    {name: "site_id", kind: longColumn, nullable: true},
	"BILL_RUN_ID":                {name: "bill_run_id", kind: longColumn, nullable: true},
	"USAGE_PRODUCT_ID":           {name: "usage_product_id", kind: longColumn, nullable: true},
	"DIRECTION":                  {name: "direction", kind: textColumn, nullable: true},
	"ISDN":                       {name: "isdn", kind: longColumn, nullable: true},
	"ADDITIONAL_INFO_GENERAL":    {name: "additional_info_general", kind: textColumn, nullable: true},
	"ADDITIONAL_INFO_ELECTRONIC": {name: "additional_info_electronic", kind: textColumn, nullable: true},
	"SUPPLIER_ACCOUNT_ID":        {name: "supplier_account_id", kind: longColumn, nullable: true},
	"FILE_NAME":                  {name: "file_name", kind: textColumn, nullable: true},
	"PARSER_NAME":                {name: "parser_name", kind: textColumn, nullable: true},
	"FILE_TYPE":                  {name: "file_type", kind: textColumn, nullable: true},
	"SOURCE_CUSTOMER_ID":         {name: "source_customer_id", kind: textColumn, nullable: true},
	"SELL":                       firstPrice("tax_excluded_amount"),
	"PRE_DISCOUNTED":             firstPrice("pre_discounted_amount"),
	"COST":                       firstPrice("cost_amount"),
	"RATED_COST":                 firstPrice("rated_cost_amount"),
	"PROFIT":                     firstPrice("profit_amount"),
	"PROFIT_PERCENTAGE":          firstPrice("profit_percentage"),
	"MARGIN_PERCENTAGE":          firstPrice("margin_percentage"),
}

// firstPrice orders by an amount of a record's first rated usage. A record of elevate has only one.
func firstPrice(name string) column {
	return column{name: name, kind: decimalColumn, nullable: true, expression: "p." + name}
}
