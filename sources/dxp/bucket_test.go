package dxp_test

import (
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/sources/sourcetest"
)

func str[T ~string](s *T) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

func amount(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func TestUsageTypeAndCurrency(t *testing.T) {
	tests := []struct {
		word     string
		want     db.UsageType
		currency string
		unit     db.Unit
	}{
		{"Voice", db.Voice, "", ""}, {"Data", db.Data, "", ""}, {"Text", db.SMS, "", db.Message}, {"sms", db.SMS, "", db.Message},
		{"Picture", db.MMS, "", db.Message}, {"MMS", db.MMS, "", db.Message}, {"Bananas", db.Other, "", ""}, {"", db.Other, "", ""},
		{"United States dollar", db.Monetary, "USD", db.Currency}, {"US Dollar", db.Monetary, "USD", db.Currency},
		{"usd", db.Monetary, "USD", db.Currency}, {"Euro", db.Monetary, "EUR", db.Currency},
		{"Pound sterling", db.Monetary, "GBP", db.Currency}, {"Aruban florin", db.Monetary, "AWG", db.Currency},
		{"Bahamian dollar", db.Monetary, "BSD", db.Currency}, {"Barbadian dollar", db.Monetary, "BBD", db.Currency},
		{"Barbados dollar", db.Monetary, "BBD", db.Currency}, {"Belize dollar", db.Monetary, "BZD", db.Currency},
		{"Bermudian dollar", db.Monetary, "BMD", db.Currency}, {"Canadian dollar", db.Monetary, "CAD", db.Currency},
		{"Caribbean guilder", db.Monetary, "XCG", db.Currency}, {"Cayman Islands dollar", db.Monetary, "KYD", db.Currency},
		{"Chilean peso", db.Monetary, "CLP", db.Currency}, {"Colombian peso", db.Monetary, "COP", db.Currency},
		{"Costa Rican colón", db.Monetary, "CRC", db.Currency}, {"Costa Rican colon", db.Monetary, "CRC", db.Currency},
		{"Dominican peso", db.Monetary, "DOP", db.Currency}, {"East Caribbean dollar", db.Monetary, "XCD", db.Currency},
		{"Eastern Caribbean dollar", db.Monetary, "XCD", db.Currency}, {"Guatemalan quetzal", db.Monetary, "GTQ", db.Currency},
		{"Guyanese dollar", db.Monetary, "GYD", db.Currency}, {"Haitian gourde", db.Monetary, "HTG", db.Currency},
		{"Honduran lempira", db.Monetary, "HNL", db.Currency}, {"Jamaican dollar", db.Monetary, "JMD", db.Currency},
		{"Mexican peso", db.Monetary, "MXN", db.Currency}, {"Netherlands Antillean guilder", db.Monetary, "ANG", db.Currency},
		{"Nicaraguan córdoba", db.Monetary, "NIO", db.Currency}, {"Nicaraguan cordoba", db.Monetary, "NIO", db.Currency},
		{"Panamanian balboa", db.Monetary, "PAB", db.Currency}, {"Peruvian sol", db.Monetary, "PEN", db.Currency},
		{"Surinamese dollar", db.Monetary, "SRD", db.Currency}, {"Trinidad and Tobago dollar", db.Monetary, "TTD", db.Currency},
		{"Trinidad & Tobago dollar", db.Monetary, "TTD", db.Currency}, {"Venezuelan bolívar", db.Monetary, "VES", db.Currency},
		{"Venezuelan bolivar", db.Monetary, "VES", db.Currency},
	}
	for _, tt := range tests {
		t.Run(tt.word, func(t *testing.T) {
			b := bucket(t, `{"id": "1", "usageType": "`+tt.word+`"}`)
			if b.UsageType != tt.want || str(b.Currency) != tt.currency || str(b.Unit) != string(tt.unit) || *b.UsageTypeName != tt.word {
				t.Errorf("got %s %s %s", b.UsageType, str(b.Currency), str(b.Unit))
			}
		})
	}
	if b := bucket(t, `{"id": "1"}`); b.UsageType != db.Other || b.UsageTypeName != nil {
		t.Errorf("no usage type: got %s", b.UsageType)
	}
}

func TestUnits(t *testing.T) {
	usageTypesByName := map[string]db.Unit{
		"second": db.Second, "seconds": db.Second, "sec": db.Second, "s": db.Second, "minute": db.Minute, "Minutes": db.Minute, "min": db.Minute,
		"hour": db.Hour, "hours": db.Hour, "h": db.Hour, "kilobyte": db.Kilobyte, "kilobytes": db.Kilobyte, "KB": db.Kilobyte,
		"megabyte": db.Megabyte, "megabytes": db.Megabyte, "mb": db.Megabyte, "gigabyte": db.Gigabyte, "gigabytes": db.Gigabyte, "gb": db.Gigabyte,
		"message": db.Message, "messages": db.Message, "sms": db.Message, "mms": db.Message, "count": db.Count, "counts": db.Count,
		"event": db.Count, "events": db.Count, "unit": db.Count, "units": db.Count, "Jamaican dollar": db.Currency, "none": "", "parsecs": "",
	}
	for word, want := range usageTypesByName {
		b := bucket(t, `{"id": "1", "bucketBalance": [{}], "bucketCounter": [{"value": {"units": "`+word+`"}}]}`)
		if str(b.Unit) != string(want) || str(b.Periods[0].Unit) != string(want) || str(b.Thresholds[0].Unit) != string(want) || *b.Thresholds[0].UnitName != word {
			t.Errorf("%s: got %s, %s, %s", word, str(b.Unit), str(b.Periods[0].Unit), str(b.Thresholds[0].Unit))
		}
	}
}

func TestTheUnitOfABucketIsItsFirstKnownUnit(t *testing.T) {
	b := bucket(t, `{"id": "1", "usageType": "Text", "bucketBalance": [{"remainingValue": {"units": "none"}}, {"remainingValue": {"units": "parsecs"}}, {"remainingValue": {"units": "minutes"}}],
		"bucketCounter": [{"value": {"units": "hours"}}, {"value": {"units": "none"}}, {}]}`)
	if *b.Unit != db.Minute || *b.Periods[0].Unit != db.Minute || b.Periods[1].Unit != nil || *b.Thresholds[0].Unit != db.Hour ||
		*b.Thresholds[1].Unit != db.Minute || *b.Thresholds[2].Unit != db.Minute || b.Thresholds[2].UnitName != nil {
		t.Errorf("got %s", sourcetest.Text(t, b))
	}
}

func TestAmountsAndSentinels(t *testing.T) {
	tests := []struct {
		name, json, amount string
		unlimited          bool
	}{
		{"a number", `88888`, "88888", false},
		{"zeros at the end are kept", `202.20`, "202.20", false},
		{"an exponent", `1e3`, "1000", false},
		{"nineteen digits", `0.1234567890123456789`, "0.1234567890123456789", false},
		{"infinity has no amount", `"infinity"`, "", true},
		{"infinity in capitals", `"Infinity"`, "", true},
		{"the page's sentinel for ThresholdLimit", `99999`, "99999", false},
		{"the sentinel for messages", `999999`, "999999", false},
		{"nothing", `null`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := bucket(t, `{"id": "1", "bucketBalance": [{"remainingValue": {"amount": `+tt.json+`}}], "bucketCounter": [{"value": {"amount": `+tt.json+`}}],
				"characteristic": [{"name": "AvailableAmount", "value": `+tt.json+`}, {"name": "ReservedAmount", "value": `+tt.json+`}]}`)
			for _, got := range []struct {
				amount    *decimal.Decimal
				unlimited bool
			}{{b.Periods[0].Amount, b.Periods[0].Unlimited}, {b.Thresholds[0].Amount, b.Thresholds[0].Unlimited}, {b.AvailableAmount, b.Unlimited}, {b.ReservedAmount, tt.unlimited}} {
				if amount(got.amount) != tt.amount || got.unlimited != tt.unlimited {
					t.Errorf("got %s, unlimited %v", amount(got.amount), got.unlimited)
				}
			}
		})
	}
}

func TestTheUnlimitedSentinelAppliesToMessagesOnly(t *testing.T) {
	tests := []struct {
		name, usage, units, amount string
		unlimited                  bool
	}{
		{"texts", "Text", "", `999999`, true},
		{"pictures", "Picture", "", `999999`, true},
		{"by value", "Text", "", `999999.0`, true},
		{"texts that are counted", "Text", "count", `999999`, true},
		{"messages of another usage type", "Other", "messages", `999999`, true},
		{"one less", "Text", "", `999998`, false},
		{"99999 texts", "Text", "", `99999`, false},
		{"events", "Other", "count", `999999`, false},
		{"megabytes", "Data", "megabytes", `999999`, false},
		{"seconds", "Voice", "seconds", `999999`, false},
		{"dollars", "United States dollar", "", `999999`, false},
		{"without a unit", "Data", "", `999999`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quantity := `{"amount": ` + tt.amount + `}`
			if tt.units != "" {
				quantity = `{"amount": ` + tt.amount + `, "units": "` + tt.units + `"}`
			}
			b := bucket(t, `{"id": "1", "usageType": "`+tt.usage+`", "bucketBalance": [{"remainingValue": `+quantity+`}], "bucketCounter": [{"value": `+quantity+`}],
				"characteristic": [{"name": "AvailableAmount", "value": "`+tt.amount+`"}]}`)
			if b.Unlimited != tt.unlimited || b.Periods[0].Unlimited != tt.unlimited || b.Thresholds[0].Unlimited != tt.unlimited || amount(b.AvailableAmount) != tt.amount {
				t.Errorf("unlimited: bucket %v, balance %v, counter %v; available %s", b.Unlimited, b.Periods[0].Unlimited, b.Thresholds[0].Unlimited, amount(b.AvailableAmount))
			}
		})
	}
}

func TestABucketIsUnlimitedByItsAvailableAmountOrCurrentBalance(t *testing.T) {
	balance := func(n, current string) string {
		return `{"remainingValue": {"amount": ` + n + `}, "characteristic": [{"name": "IsCurrentPeriod", "value": "` + current + `"}]}`
	}
	tests := []struct {
		name, available, balances string
		want                      bool
	}{
		{"no available amount", "", balance(`"infinity"`, "true"), true},
		{"an empty available amount", `{"name": "AvailableAmount", "value": ""}`, balance(`"infinity"`, "true"), true},
		{"an available number", `{"name": "AvailableAmount", "value": "5"}`, balance(`"infinity"`, "true"), false},
		{"an infinite available amount", `{"name": "AvailableAmount", "value": "infinity"}`, balance(`5`, "true"), true},
		{"a balance of another period", "", balance(`"infinity"`, "false"), false},
		{"two current balances", "", balance(`"infinity"`, "true") + "," + balance(`"infinity"`, "true"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := bucket(t, `{"id": "1", "usageType": "Data", "characteristic": [`+tt.available+`], "bucketBalance": [`+tt.balances+`]}`)
			if b.Unlimited != tt.want {
				t.Errorf("unlimited is %v", b.Unlimited)
			}
			if q := b.Remaining(); tt.available == "" && tt.want && (q == nil || q.Text() != "unlimited") {
				t.Errorf("remaining is %+v", q)
			}
		})
	}
}

func TestTheRemainingAmountIsTheCurrentBalance(t *testing.T) {
	balance := func(n, current string) string {
		return `{"remainingValue": {"amount": ` + n + `}, "characteristic": [{"name": "IsCurrentPeriod", "value": "` + current + `"}]}`
	}
	tests := []struct{ name, balances, want string }{
		{"one is current", balance("1", "false") + "," + balance("2", "true"), "2"},
		{"two are current", balance("1", "true") + "," + balance("2", "true"), ""},
		{"none is current", balance("1", "false") + `, {"remainingValue": {"amount": 2}}`, ""},
		{"the current one is infinite", balance(`"infinity"`, "true"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := amount(bucket(t, `{"id": "1", "bucketBalance": [`+tt.balances+`]}`).RemainingAmount); got != tt.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestMembersWithoutAColumnAreStoredInTheExtension(t *testing.T) {
	r := decode(t, `{"@type": "Other", "zone": {"b": 1.0}, "bucket": [{"id": "1", "@type": "X", "zeta": null, "product": [{"publicIdentifier": "8201", "x": 1}],
		"bucketBalance": [{"alpha": 1, "remainingValue": {"unit": "MB", "amount": 1}, "validFor": {"x": 1, "startDateTime": "2023-02-10T00:00:00Z", "endDateTime": "9999-12-31T23:59:59"}},
			{"validFor": {"startDateTime": "2023-02-10T00:00:00", "endDateTime": "2023-02-10T00:00:00.5"}}],
		"bucketCounter": [{"beta": 1, "value": {"y": "\u00e9"}}]}, {"id": "2", "@type": "BucketBalance"}]}`).Report
	b := r.Balances[0]
	for _, tt := range []struct{ what, got, want string }{
		{"report", string(r.Extension), `{"@type":"Other","zone":{"b":1.0}}`},
		{"bucket", string(b.Extension), `{"@type":"X","zeta":null}`},
		{"balance", string(b.Periods[0].Extension), `{"remainingValue":{"unit":"MB"},"validFor":{"startDateTime":"2023-02-10T00:00:00Z","endDateTime":"9999-12-31T23:59:59","x":1},"alpha":1}`},
		{"a period with columns only", string(b.Periods[1].Extension), ``},
		{"counter", string(b.Thresholds[0].Extension), `{"value":{"y":"é"},"beta":1}`},
		{"products", string(b.ProductsJSON), `[{"publicIdentifier":"8201","x":1}]`},
		{"a bucket of the usual type", string(r.Balances[1].Extension), ``},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.what, tt.got, tt.want)
		}
	}
	if b.Periods[0].ValidTo != nil || b.Periods[0].ValidFrom.Hour() != 0 {
		t.Errorf("got %v to %v", b.Periods[0].ValidFrom, b.Periods[0].ValidTo)
	}
}

func TestInvalidRecordsAreRejectedByField(t *testing.T) {
	const local = "want a date and time, such as 2025-01-31T22:15:00, with at most nine decimal places, local or with an offset"
	const description = "description: want Usage Consumption Report for MSISDN or SubscriptionId, and the identifier"
	of := func(bucket string) string { return `{"bucket": [{"id": "1", ` + bucket + `}]}` }
	tests := []struct{ name, patch, want string }{
		{"no description", `{"description": null}`, "description: missing"},
		{"another description", `{"description": "Report for MSISDN 1"}`, description},
		{"another type", `{"description": "Usage Consumption Report for IMSI 1"}`, description},
		{"no identifier", `{"description": "Usage Consumption Report for MSISDN "}`, description},
		{"no date", `{"effectiveDate": null}`, "effectiveDate: missing"},
		{"a day", `{"effectiveDate": "2022-11-08"}`, "effectiveDate: " + local},
		{"ten decimal places", `{"effectiveDate": "2022-11-08T11:52:48.1234567890"}`, "effectiveDate: " + local},
		{"an hour of one digit", `{"effectiveDate": "2022-11-08T1:52:48"}`, "effectiveDate: " + local},
		{"a time beyond the storable years", `{"effectiveDate": "9999-12-31T23:59:59"}`, "effectiveDate: want a time in UTC between the years 0001 and 9999"},
		{"a cycle whose days are text", `{"characteristic": [{}, {"name": "BillingCycleDuration", "value": "x"}]}`, "characteristic[1].value: want a whole number of days"},
		{"a cycle start that is text", `{"characteristic": [{"name": "BillingCycleStartTime", "value": "x"}]}`, "characteristic[0].value: " + local},
		{"characteristics that are text", `{"characteristic": "x"}`, "characteristic: want an array"},
		{"a characteristic that is null", `{"characteristic": [null]}`, "characteristic[0]: want an object, not null"},
		{"a characteristic with a number for a name", `{"characteristic": [{"name": 1}]}`, "characteristic[0].name: want a string, not this number"},
		{"buckets that are an object", `{"bucket": {}}`, "bucket: want an array, not an object"},
		{"a bucket that is null", `{"bucket": [null]}`, "bucket[0]: want an object, not null"},
		{"a bucket without id", `{"bucket": [{"id": "1"}, {}]}`, "bucket[1].id: missing"},
		{"an available amount that is text", of(`"characteristic": [{"name": "AvailableAmount", "value": "much"}]`), "bucket[0].characteristic[0].value: want a decimal number, such as 12.50"},
		{"an invalid boolean", of(`"characteristic": [{"name": "IsPrepaid", "value": "half"}]`), "bucket[0].characteristic[0].value: want true or false"},
		{"a start that is text", of(`"characteristic": [{"name": "StartTime", "value": "now"}]`), "bucket[0].characteristic[0].value: " + local},
		{"a product that is text", of(`"product": ["8201"]`), "bucket[0].product[0]: want an object, not a string"},
		{"a product with a number", of(`"product": [{"publicIdentifier": 8201}]`), "bucket[0].product[0].publicIdentifier: want a string, not this number"},
		{"a balance that is null", of(`"bucketBalance": [null]`), "bucket[0].bucketBalance[0]: want an object, not null"},
		{"a balance amount that is text", of(`"bucketBalance": [{"remainingValue": {"amount": "12"}}]`), `bucket[0].bucketBalance[0].remainingValue.amount: want a number or "infinity"`},
		{"a balance of twenty digits", of(`"bucketBalance": [{"remainingValue": {"amount": 12345678901234567891}}]`),
			"bucket[0].bucketBalance[0].remainingValue.amount: a decimal has at most 19 significant digits and 19 decimal places"},
		{"a period start that is text", of(`"bucketBalance": [{"validFor": {"startDateTime": "now"}}]`), "bucket[0].bucketBalance[0].validFor.startDateTime: " + local},
		{"a current period that is a number", of(`"bucketBalance": [{"characteristic": [{"name": "IsCurrentPeriod", "value": 1}]}]`), "bucket[0].bucketBalance[0].characteristic[0].value: want true or false"},
		{"a counter that is null", of(`"bucketCounter": [{}, null]`), "bucket[0].bucketCounter[1]: want an object, not null"},
		{"a counter amount that is an array", of(`"bucketCounter": [{"value": {"amount": []}}]`), `bucket[0].bucketCounter[0].value.amount: want a number or "infinity"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := source(t).Decode(sourcetest.With(t, []byte(least), tt.patch)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
