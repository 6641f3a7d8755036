package dxp

import (
	"fmt"
	"net/http"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/legacy"
)

// The settings of dxp's decoder.
const (
	marketSetting = "dxp-business-id"
	zoneSetting   = "dxp-time-zone"
)

// endpointFlags holds the flags of the endpoint. docs/quirks.md explains the last one.
type endpointFlags struct {
	Markets      []string `name:"dxp-markets" env:"DXP_MARKETS" default:"PR" help:"The business ids that dxp's endpoint serves."`
	Unauthorized string   `name:"dxp-unauthorized" env:"DXP_UNAUTHORIZED" enum:"documented,corrected" default:"documented" help:"The code in the body of dxp's 401: 404 as the page documents, or corrected to 401."`
}

// System returns the description of dxp.
func System() legacy.System {
	var flags endpointFlags
	return legacy.System{
		Name: db.DXP,
		Settings: []legacy.Setting{
			{Name: marketSetting, Default: "PR", Help: "The market of dxp's documents, and the country of national phone numbers in them (ISO 3166).", Check: checkMarket, Region: true},
			{Name: zoneSetting, Default: "America/Puerto_Rico", Help: "The time zone of the times in dxp's documents, one for each market.", Check: legacy.CheckLocation, Market: marketSetting},
		},
		Source: func(v legacy.Values) (ingest.Source, error) {
			s, err := settingsOf(v.Of(marketSetting), v)
			if err != nil {
				return ingest.Source{}, err
			}
			return Source(s)
		},
		Reread:      reread,
		OwnIDKind:   "SUBSCRIPTIONID", // the name in reports and in the list of unattributed documents
		Samples:     Samples,
		Demo:        Demo,
		Flags:       &flags,
		Credentials: &credentials,
		Endpoint: func(e legacy.Endpoint) map[string]http.Handler {
			zone := func(market string) *time.Location { return zoneOf(market, e.Values()) }
			return map[string]http.Handler{Pattern: Handler(e.Store, HandlerSettings{
				Zone: zone, Markets: flags.Markets, Corrected: flags.Unauthorized == "corrected", Unknown: e.Unknown,
			}, e.Scope, e.Log)}
		},
	}
}

// settingsOf returns the settings of a market.
func settingsOf(market string, v legacy.Values) (Settings, error) {
	location, err := legacy.Location(v[db.SettingKey{Name: zoneSetting, Scope: market}])
	return Settings{Location: location, BusinessID: market}, err
}

// zoneOf returns the time zone of a market. A market without a time zone has that of the current market.
func zoneOf(market string, v legacy.Values) *time.Location {
	name, known := v[db.SettingKey{Name: zoneSetting, Scope: market}]
	if !known {
		name = v[db.SettingKey{Name: zoneSetting, Scope: v.Of(marketSetting)}]
	}
	location, err := legacy.Location(name)
	if err != nil {
		return time.UTC // stored settings are checked before they are stored
	}
	return location
}

// reread returns the functions that decode the stored reports of a market again, with another time zone or as reports
// of another market.
func reread(changed db.SettingKey, before, after legacy.Values) (ingest.Redecode, error) {
	market, newMarket := changed.Scope, changed.Scope
	if changed.Name == marketSetting {
		market, newMarket = before.Of(marketSetting), after.Of(marketSetting)
	}
	old, err := settingsOf(market, before)
	if err != nil {
		return ingest.Redecode{}, err
	}
	s, err := settingsOf(market, after)
	if err != nil {
		return ingest.Redecode{}, err
	}
	s.BusinessID = newMarket
	return Reread(old, s), nil
}

func checkMarket(id string) error {
	if !businessID.MatchString(id) {
		return fmt.Errorf("want a country's two capital letters (ISO 3166), not %q", id)
	}
	return nil
}
