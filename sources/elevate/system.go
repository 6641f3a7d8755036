package elevate

import (
	"net/http"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
)

// The settings of elevate's decoder.
const (
	currencySetting = "elevate-currency"
	regionSetting   = "elevate-region"
)

// endpointFlags holds the flags of the endpoint. docs/quirks.md explains them.
type endpointFlags struct {
	TotalCount bool `name:"elevate-total-count" env:"ELEVATE_TOTAL_COUNT" help:"elevate's endpoint counts the whole list for X-Total-Count."`
}

// System returns the description of Elevate.
func System() legacy.System {
	var flags endpointFlags
	return legacy.System{
		Name: db.Elevate,
		Settings: []legacy.Setting{
			{Name: currencySetting, Default: "GBP", Help: "The currency of elevate's prices (ISO 4217).", Check: legacy.CheckCurrency(db.Elevate)},
			{Name: regionSetting, Default: "GB", Help: "The country of national phone numbers in elevate's documents (ISO 3166); empty: all numbers have a country code.", Check: db.CheckRegion, Region: true},
		},
		Source: func(v legacy.Values) (ingest.Source, error) {
			return Source(Settings{Currency: v.Of(currencySetting), Region: v.Of(regionSetting)})
		},
		NumberIDs:  true,
		Extensions: []string{".csv"},
		Samples:    Samples,
		Demo:       Demo,
		Flags:      &flags,
		Endpoint: func(e legacy.Endpoint) map[string]http.Handler {
			return map[string]http.Handler{Pattern: Handler(e.Store, HandlerSettings{TotalCount: flags.TotalCount, Unknown: e.Unknown}, e.Scope, e.Log)}
		},
	}
}
