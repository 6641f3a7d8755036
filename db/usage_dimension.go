package db

// UsageDimension is a property to group usage records by.
type UsageDimension string

// dimension holds the column or expression of a UsageDimension.
type dimension = dimensionOf[UsageKey]

// UsageKey holds the values that the usage records of a group share. A value is nil if it was not a dimension or if the
// records have none.
type UsageKey struct {
	Source        *Source
	UsageType     *UsageType
	Direction     *UsageDirection
	Status        *UsageStatus
	UsageTypeName *string
	CallClass     *string
	TimeBand      *string
	Product       *string
	Destination   *string
	// DestinationCountry is an ISO 3166 code.
	DestinationCountry *string
	BillRunID          *int64
	EventTime          *Time
	// Duration is a number of seconds.
	Duration *DecimalSum
	GroupOwner
}

var usageDimensions = map[UsageDimension]dimension{
	"SOURCE":              {column{name: "source"}, setText(func(k *UsageKey) **Source { return &k.Source })},
	"USAGE_TYPE":          {column{name: "usage_type"}, setText(func(k *UsageKey) **UsageType { return &k.UsageType })},
	"DIRECTION":           {column{name: "direction", nullable: true}, setText(func(k *UsageKey) **UsageDirection { return &k.Direction })},
	"STATUS":              {column{name: "status", nullable: true}, setText(func(k *UsageKey) **UsageStatus { return &k.Status })},
	"CUSTOMER":            {customerDimension, func(k *UsageKey, v any) { k.setCustomer(v) }},
	"SUBSCRIPTION":        {subscriptionDimension, func(k *UsageKey, v any) { k.setSubscription(v) }},
	"USAGE_TYPE_NAME":     {column{name: "usage_type_name", nullable: true}, setText(func(k *UsageKey) **string { return &k.UsageTypeName })},
	"CALL_CLASS":          {column{name: "call_class", nullable: true}, setText(func(k *UsageKey) **string { return &k.CallClass })},
	"TIME_BAND":           {column{name: "time_band", nullable: true}, setText(func(k *UsageKey) **string { return &k.TimeBand })},
	"PRODUCT":             {column{name: "product", nullable: true, expression: productExpression}, setText(func(k *UsageKey) **string { return &k.Product })},
	"DESTINATION":         {column{name: "destination", nullable: true}, setText(func(k *UsageKey) **string { return &k.Destination })},
	"DESTINATION_COUNTRY": {column{name: "destination_country", nullable: true}, setText(func(k *UsageKey) **string { return &k.DestinationCountry })},
	"BILL_RUN":            {column{name: "bill_run_id", kind: longColumn, nullable: true}, func(k *UsageKey, v any) { k.BillRunID = new(v.(int64)) }},
	"EVENT_TIME":          {column{name: "event_time", kind: timeColumn}, func(k *UsageKey, v any) { k.EventTime = new(v.(Time)) }},
	"DURATION":            {column{name: "duration_quantity", kind: sumColumn, nullable: true}, func(k *UsageKey, v any) { k.Duration = new(v.(DecimalSum)) }},
}

// productExpression is the product of a usage record: the reference of elevate, or the first rated product of brm.
const productExpression = `COALESCE({t}product_reference, (SELECT COALESCE(x.product ->> 'name', x.product ->> 'id')
	FROM rated_usages x WHERE x.customer_id = {t}customer_id AND x.usage_id = {t}id AND x.position = 0))`
