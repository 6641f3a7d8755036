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
	// Default is the value where none is given.
	Default string
	// Help is the sentence of the flag's help.
	Help  string
	Check func(value string) error
	// Market names the setting whose values this one is kept by: each market has its own value. Empty: there is one value.
	Market string
	// Region is set where the value is the country (ISO 3166) whose national phone numbers stand in the documents.
	Region bool
}

// Environment returns the name of the environment variable.
func (s Setting) Environment() string {
	return strings.ToUpper(strings.ReplaceAll(s.Name, "-", "_"))
}

// Values are the values of the settings of a data set.
type Values map[db.SettingKey]string

// Of returns the value of a setting that has one value.
func (v Values) Of(name string) string { return v[db.SettingKey{Name: name}] }

// CheckCurrency returns a check of the currency of a system's amounts.
func CheckCurrency(source db.Source) func(code string) error {
	return func(code string) error { return ingest.CheckCurrency(source, code) }
}

// CheckLocation returns an error for the name of a time zone that Location does not know.
func CheckLocation(name string) error {
	_, err := Location(name)
	return err
}

// Location returns the time zone of a name in the IANA database. Local and the empty name depend on the machine and are
// refused.
func Location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("unknown time zone %q: want a name such as Europe/Amsterdam or UTC", name)
	}
	return time.LoadLocation(name)
}
