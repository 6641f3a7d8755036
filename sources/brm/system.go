package brm

import (
	"net/http"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
)

// The settings of BRM's decoder.
const (
	regionSetting     = "brm-region"
	quantitiesSetting = "brm-quantities"
)

// endpointFlags holds the flags of the endpoint. docs/quirks.md explains the last one.
type endpointFlags struct {
	PublicURL      string `env:"PUBLIC_URL" placeholder:"URL" help:"The beginning of the URLs in brm's answers, where this server is behind a proxy, with the base path."`
	PartialContent bool   `env:"PARTIAL_CONTENT" help:"brm's endpoint answers 206 where a page is not the whole list (TMF630)."`
	Nulls          string `name:"brm-nulls" env:"BRM_NULLS" enum:"written,omitted" default:"written" help:"Members without a value on brm's own route: written as null, or omitted."`
}

// System returns the description of BRM.
func System() legacy.System {
	var flags endpointFlags
	return legacy.System{
		Name: db.BRM,
		Settings: []legacy.Setting{
			{Name: regionSetting, Help: "The country of national phone numbers in brm's documents (ISO 3166); empty: all numbers have a country code.", Check: db.CheckRegion, Region: true},
			{Name: quantitiesSetting, Default: defaultQuantities, Check: checkQuantities,
				Help: "The characteristics with the duration, volume and number of items of brm's usages: NAME=UNIT or NAME=UNIT*FACTOR, separated by commas; empty: none."},
		},
		Source: func(v legacy.Values) (ingest.Source, error) {
			return Source(Settings{Region: v.Of(regionSetting), Quantities: v.Of(quantitiesSetting)})
		},
		NumberIDs: true,
		Samples:   Samples,
		Demo:      Demo,
		Flags:     &flags,
		Endpoint: func(e legacy.Endpoint) map[string]http.Handler {
			h := Handler(e.Store, HandlerSettings{
				PublicURL: flags.PublicURL, BasePath: e.BasePath, PartialContent: flags.PartialContent, NullsOmitted: flags.Nulls == "omitted", Unknown: e.Unknown,
			}, e.Scope, e.Log)
			handlers := map[string]http.Handler{}
			for _, pattern := range Patterns {
				handlers[pattern] = h
			}
			return handlers
		},
	}
}
