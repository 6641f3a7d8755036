package dxp

import (
	"strings"

	"usagegraph/db"
)

// usageTypes holds the usage types by dxp's names for them, in lower case. A currency's name or code is MONEY.
var usageTypes = map[string]db.UsageType{
	"voice": db.Voice, "data": db.Data, "text": db.SMS, "sms": db.SMS, "picture": db.MMS, "mms": db.MMS,
}

// currencyCodes holds the ISO 4217 codes by the currencies' names in lower case, for the markets that dxp serves or may
// serve: the Caribbean, Central America and Chile.
var currencyCodes = map[string]string{
	"united states dollar":          "USD",
	"us dollar":                     "USD",
	"euro":                          "EUR",
	"pound sterling":                "GBP",
	"aruban florin":                 "AWG",
	"bahamian dollar":               "BSD",
	"barbadian dollar":              "BBD",
	"barbados dollar":               "BBD",
	"belize dollar":                 "BZD",
	"bermudian dollar":              "BMD",
	"canadian dollar":               "CAD",
	"caribbean guilder":             "XCG",
	"cayman islands dollar":         "KYD",
	"chilean peso":                  "CLP",
	"colombian peso":                "COP",
	"costa rican colón":             "CRC",
	"costa rican colon":             "CRC",
	"dominican peso":                "DOP",
	"east caribbean dollar":         "XCD",
	"eastern caribbean dollar":      "XCD",
	"guatemalan quetzal":            "GTQ",
	"guyanese dollar":               "GYD",
	"haitian gourde":                "HTG",
	"honduran lempira":              "HNL",
	"jamaican dollar":               "JMD",
	"mexican peso":                  "MXN",
	"netherlands antillean guilder": "ANG",
	"nicaraguan córdoba":            "NIO",
	"nicaraguan cordoba":            "NIO",
	"panamanian balboa":             "PAB",
	"peruvian sol":                  "PEN",
	"surinamese dollar":             "SRD",
	"trinidad and tobago dollar":    "TTD",
	"trinidad & tobago dollar":      "TTD",
	"venezuelan bolívar":            "VES",
	"venezuelan bolivar":            "VES",
}

// isCurrencyCode holds the codes in currencyCodes.
var isCurrencyCode = func() map[string]bool {
	set := map[string]bool{}
	for _, code := range currencyCodes {
		set[code] = true
	}
	return set
}()

// currencyOf returns the ISO 4217 code for a currency's name or code; empty for another word.
func currencyOf(word string) string {
	if code := strings.ToUpper(word); isCurrencyCode[code] {
		return code
	}
	return currencyCodes[strings.ToLower(word)]
}

// usageType returns the usage type of a bucket, by the table in the package comment, and for MONEY the currency.
func usageType(word *string) (db.UsageType, *string) {
	if word == nil {
		return db.Other, nil
	}
	if usage, ok := usageTypes[strings.ToLower(*word)]; ok {
		return usage, nil
	}
	if code := currencyOf(*word); code != "" {
		return db.Monetary, &code
	}
	return db.Other, nil
}
