package app

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// dataSetting is a setting that is stored with the data: documents are read with it.
type dataSetting struct {
	// name is the name of the flag. The environment variable is the same in capitals.
	name     string
	fallback string
	meaning  string
	// source is the system whose stored records depend on the setting. Without one, it is the documents that name no
	// customer, of all systems.
	source db.Source
	// ofMarket is set where each market of dxp has a value of its own.
	ofMarket bool
	check    func(value string) error
	given    func(*settings) **string
}

// The names of the settings that are referred to one by one.
const (
	elevateCurrency   = "elevate-currency"
	stnCurrency       = "stn-currency"
	elevateRegion     = "elevate-region"
	stnRegion         = "stn-region"
	brmRegion         = "brm-region"
	stnTimeZone       = "stn-time-zone"
	attributionWindow = "attribution-window"
	dxpTimeZone       = "dxp-time-zone"
	dxpBusinessID     = "dxp-business-id"
)

// defaultMarket is the market of dxp's documents where none is given.
const defaultMarket = "PR"

// dataSettings lists all settings of the data set. dxp's business id comes before the settings that each market has.
var dataSettings = []dataSetting{
	{name: elevateCurrency, fallback: "GBP", meaning: "currency of elevate's prices (ISO 4217)", source: db.Elevate,
		check: currencyOf(db.Elevate), given: func(s *settings) **string { return &s.ElevateCurrency }},
	{name: elevateRegion, fallback: "GB", meaning: "country of national numbers in elevate's documents", source: db.Elevate,
		check: db.CheckRegion, given: func(s *settings) **string { return &s.ElevateRegion }},
	{name: stnCurrency, fallback: "EUR", meaning: "currency of sTN's amounts (ISO 4217)", source: db.STN,
		check: currencyOf(db.STN), given: func(s *settings) **string { return &s.STNCurrency }},
	{name: stnRegion, fallback: "NL", meaning: "country of national numbers in sTN's documents", source: db.STN,
		check: db.CheckRegion, given: func(s *settings) **string { return &s.STNRegion }},
	{name: stnTimeZone, fallback: "UTC", meaning: "time zone of sTN's months", source: db.STN,
		check: checkZone, given: func(s *settings) **string { return &s.STNTimeZone }},
	{name: brmRegion, meaning: "country of national numbers in brm's documents", source: db.BRM,
		check: db.CheckRegion, given: func(s *settings) **string { return &s.BRMRegion }},
	{name: dxpBusinessID, fallback: defaultMarket, meaning: "market of dxp's documents, and country of national numbers in them", source: db.DXP,
		check: checkMarket, given: func(s *settings) **string { return &s.DXPBusinessID }},
	{name: dxpTimeZone, fallback: "America/Puerto_Rico", meaning: "time zone of the market's times", source: db.DXP, ofMarket: true,
		check: checkZone, given: func(s *settings) **string { return &s.DXPTimeZone }},
	{name: attributionWindow, fallback: "45", meaning: "whole days for which a number counts as its last holder's",
		check: checkWindow, given: func(s *settings) **string { return &s.AttributionWindow }},
}

// environment returns the name of the environment variable.
func (d dataSetting) environment() string {
	return strings.ToUpper(strings.ReplaceAll(d.name, "-", "_"))
}

// dataSettingNamed returns the setting of a name. Its error lists the names that there are.
func dataSettingNamed(name string) (dataSetting, error) {
	names := make([]string, len(dataSettings))
	for i, d := range dataSettings {
		if d.name == name {
			return d, nil
		}
		names[i] = d.name
	}
	return dataSetting{}, fmt.Errorf("unknown setting %q: want one of %s", name, strings.Join(names, ", "))
}

func currencyOf(source db.Source) func(code string) error {
	return func(code string) error { return ingest.CheckCurrency(source, code) }
}

func checkZone(name string) error {
	_, err := location(name)
	return err
}

// location returns the time zone of a name. It refuses Local and the empty name, which depend on the machine.
func location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("unknown time zone %q: want a name such as Europe/Amsterdam or UTC", name)
	}
	return time.LoadLocation(name)
}

var market = regexp.MustCompile(`^[A-Z]{2}$`)

func checkMarket(id string) error {
	if !market.MatchString(id) {
		return fmt.Errorf("want a country's two capital letters (ISO 3166), not %q", id)
	}
	return nil
}

// maxAttributionWindow is the longest attribution window, in days: a hundred years.
const maxAttributionWindow = 36525

func checkWindow(days string) error {
	n, err := strconv.Atoi(days)
	if err != nil || n < 0 || n > maxAttributionWindow || strconv.Itoa(n) != days {
		return fmt.Errorf("want 0 to %d whole days, not %q", maxAttributionWindow, days)
	}
	return nil
}
