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

// dataSetting is a setting that is stored with the data set: documents are read with it.
type dataSetting struct {
	legacy.Setting
	// source is the system whose stored records depend on the setting. Empty: the documents of all systems that name no
	// customer.
	source db.Source
}

// attributionWindow is the name of the one setting that belongs to no system.
const attributionWindow = "attribution-window"

// dataSettings returns all settings of the data set, the attribution window last. A setting comes before those that have
// a value for each of its values.
func dataSettings() []dataSetting {
	var all []dataSetting
	for _, system := range sources.Systems() {
		for _, s := range system.Settings {
			all = append(all, dataSetting{s, system.Name})
		}
	}
	return append(all, dataSetting{Setting: legacy.Setting{Name: attributionWindow, Default: "45", Check: checkWindow,
		Help: "The days after a subscription's last record with a phone number in which a document that names the number and no customer still belongs to the subscription; 0: none."}})
}

// dataSettingNamed returns the setting of a name. Its error lists the names.
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

// dataGroup is the heading of the settings of the data set in help texts.
const dataGroup = "Settings of the data set, stored with it at first use (usagegraph settings --help); the defaults are shown:"

// newDataFlags returns a flag for each setting of the data set.
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

// given returns the value of a setting that a flag or an environment variable gives; nil for none.
func (f dataFlags) given(name string) *string {
	if value, ok := f.values[name]; ok {
		return *value
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
