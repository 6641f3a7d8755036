package dxp

import (
	"strings"

	"usagegraph/db"
)

// words are the usage types that dxp has a word for, in small letters; a currency's name or code is MONEY.
var words = map[string]db.UsageType{
	"voice": db.Voice, "data": db.Data, "text": db.SMS, "sms": db.SMS, "picture": db.MMS, "mms": db.MMS,
}

// currencies are the names, in small letters, of the currencies in the markets that dxp serves or may come to serve:
// the Caribbean and Central America, and Chile.
var currencies = map[string]string{
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

// codes are the codes of these currencies.
var codes = func() map[string]bool {
	codes := map[string]bool{}
	for _, code := range currencies {
		codes[code] = true
	}
	return codes
}()

// currencyOf returns the ISO 4217 code of a currency's name or code; "" for another word.
func currencyOf(word string) string {
	if code := strings.ToUpper(word); codes[code] {
		return code
	}
	return currencies[strings.ToLower(word)]
}

// usageType is the mapping that the package's comment writes down, with the currency where it is MONEY.
func usageType(word *string) (db.UsageType, *string) {
	if word == nil {
		return db.Other, nil
	}
	if usage, ok := words[strings.ToLower(*word)]; ok {
		return usage, nil
	}
	if code := currencyOf(*word); code != "" {
		return db.Monetary, &code
	}
	return db.Other, nil
}
