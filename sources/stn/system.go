package stn

import (
	"net/http"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
)

// The settings of sTN's decoder.
const (
	currencySetting = "stn-currency"
	regionSetting   = "stn-region"
	zoneSetting     = "stn-time-zone"
)

// endpointFlags holds the flags of the endpoint. docs/quirks.md explains them.
type endpointFlags struct {
	Order string `name:"stn-order" env:"STN_ORDER" enum:"mixed,first" default:"mixed" help:"The order of sTN's results where orderBy and orderByDesc are both given: mixed takes the keys of orderBy and then those of orderByDesc, first takes orderBy alone."`
	Total string `name:"stn-total" env:"STN_TOTAL" enum:"always,included" default:"always" help:"When sTN's answers have total: always, or where include has Total or COUNT."`
	Take  string `name:"stn-take" env:"STN_TAKE" enum:"clipped,refused" default:"clipped" help:"A take above 1000 on sTN's endpoint is clipped to 1000, or refused."`
}

// System returns the description of sTN.
func System() legacy.System {
	var flags endpointFlags
	return legacy.System{
		Name: db.STN,
		Settings: []legacy.Setting{
			{Name: currencySetting, Default: "EUR", Help: "The currency of sTN's amounts (ISO 4217).", Check: legacy.CheckCurrency(db.STN)},
			{Name: regionSetting, Default: "NL", Help: "The country of national phone numbers in sTN's documents (ISO 3166); empty: all numbers have a country code.", Check: db.CheckRegion, Region: true},
			{Name: zoneSetting, Default: "UTC", Help: "The time zone in which sTN's months begin and end.", Check: legacy.CheckLocation},
		},
		Source: func(v legacy.Values) (ingest.Source, error) {
			location, err := legacy.Location(v.Of(zoneSetting))
			if err != nil {
				return ingest.Source{}, err
			}
			return Source(Settings{Currency: v.Of(currencySetting), Region: v.Of(regionSetting), Location: location})
		},
		Samples:     Samples,
		Demo:        Demo,
		Flags:       &flags,
		Credentials: &auth.Headers{Secret: "stn-api-key"},
		Endpoint: func(e legacy.Endpoint) map[string]http.Handler {
			h := Handler(e.Store, HandlerSettings{
				OrderFirst: flags.Order == "first", TotalIncluded: flags.Total == "included", TakeRefused: flags.Take == "refused", Unknown: e.Unknown,
			}, e.Scope, e.Log)
			handlers := map[string]http.Handler{Pattern: h}
			for _, pattern := range Formats {
				handlers[pattern] = h
			}
			return handlers
		},
	}
}
