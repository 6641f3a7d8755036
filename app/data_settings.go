package app

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"usagegraph/db"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
)

// dataSetting is a setting that is stored with the data set and determines how documents are read.
type dataSetting struct {
	legacy.Setting
	// source is the system whose stored records depend on the setting; if it is empty, documents of all systems without a
	// customer do.
	source db.Source
}

// attributionWindow is the name of the only setting that does not belong to a system.
const attributionWindow = "attribution-window"

// dataSettings returns all settings of the data set, the attribution window last. A setting comes before those that
// have a value for each of its values.
func dataSettings() []dataSetting {
	var all []dataSetting
	for _, system := range sources.Systems() {
		for _, s := range system.Settings {
			all = append(all, dataSetting{s, system.Name})
		}
	}
	return append(all, dataSetting{Setting: legacy.Setting{Name: attributionWindow, Default: "45", Check: checkWindow,
		Help: "Number of days after a subscription's last record with a phone number in which documents with the number and without a customer still belong to the subscription; 0 to 36525."}})
}

// dataSettingNamed returns the setting with a name, or an error that lists the names of all settings.
func dataSettingNamed(name string) (dataSetting, error) {
	var names []string
	for _, d := range dataSettings() {
		if d.Name == name {
			return d, nil
		}
		names = append(names, d.Name)
	}
	return dataSetting{}, fmt.Errorf("unknown setting %q: want one of %s", name, strings.Join(names, ", "))
}

// hasMarkets reports whether other settings have a value for each value of this one.
func (d dataSetting) hasMarkets() bool { return d.ofMarkets() != nil }

// ofMarkets returns the settings that have a value for each value of this one.
func (d dataSetting) ofMarkets() (names []string) {
	for _, other := range dataSettings() {
		if other.Market == d.Name {
			names = append(names, other.Name)
		}
	}
	return names
}

// dataFlags holds the flags of the settings of the data set.
type dataFlags struct {
	kong.Plugins
	values map[string]**string
}

// dataGroup is the heading of the data set's settings in help texts.
const dataGroup = "Settings of the data set, stored with it at first use (usagegraph settings --help); the defaults are shown:"

// newDataFlags returns a flag for each setting of the data set. Kong reads flags from the fields of a struct, so it
// makes a struct type with a field for each setting.
func newDataFlags() dataFlags {
	all := dataSettings()
	fields := make([]reflect.StructField, len(all))
	for i, d := range all {
		placeholder := d.Default
		if placeholder == "" {
			placeholder = "''"
		}
		tag := fmt.Sprintf("group:%q name:%q env:%q placeholder:%q help:%s", "data", d.Name, d.Environment(), placeholder, strconv.Quote(d.Help))
		fields[i] = reflect.StructField{Name: "Setting" + strconv.Itoa(i), Type: reflect.TypeFor[*string](), Tag: reflect.StructTag(tag)}
	}
	flags := reflect.New(reflect.StructOf(fields))
	values := map[string]**string{}
	for i, d := range all {
		values[d.Name] = flags.Elem().Field(i).Addr().Interface().(**string)
	}
	return dataFlags{kong.Plugins{flags.Interface()}, values}
}

// given returns the value of a setting's flag or environment variable, or nil if neither is set.
func (f dataFlags) given(name string) *string {
	if value, ok := f.values[name]; ok {
		return *value
	}
	return nil
}

// maxAttributionWindow is the longest attribution window in days: a hundred years.
const maxAttributionWindow = 36525

func checkWindow(days string) error {
	n, err := strconv.Atoi(days)
	if err != nil || n < 0 || n > maxAttributionWindow || strconv.Itoa(n) != days {
		return fmt.Errorf("invalid number of days %q: want 0 to %d", days, maxAttributionWindow)
	}
	return nil
}
