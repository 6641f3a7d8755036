package legacy

import (
	"fmt"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Setting is a setting that is stored with the data set.
type Setting struct {
	// Name is the name of the flag. The environment variable has the same name in capitals.
	Name string
	// Default is the value if none is given.
	Default string
	// Help is the help text of the flag.
	Help string
	// Check returns an error for an invalid value.
	Check func(value string) error
	// Market is the name of the setting with the current market; this setting then has a value for each market. Empty:
	// it has one value.
	Market string
	// Region reports whether the value is the country (ISO 3166) of national phone numbers in the documents.
	Region bool
}

// Environment returns the name of the environment variable.
func (s Setting) Environment() string {
	return strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// Values holds the values of the settings of a data set.
type Values map[db.SettingKey]string

// Of returns the value of a setting that has one value.
func (v Values) Of(name string) string { return v[db.SettingKey{Name: name}] }

// CheckCurrency returns a Check for a setting with the currency of a system's amounts.
func CheckCurrency(source db.Source) func(code string) error {
	return func(code string) error { return ingest.CheckCurrency(source, code) }
}

// CheckLocation is a Check for the name of a time zone.
func CheckLocation(name string) error {
	_, err := Location(name)
	return err
}

// Location returns the time zone with a name in the IANA database. It returns an error for an unknown name, for the
// empty name and for Local, which depends on the machine.
func Location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("unknown time zone %q: want a name such as Europe/Amsterdam or UTC", name)
	}
	return time.LoadLocation(name)
}
