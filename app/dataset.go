package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
)

// dataSet is an open database with the settings of its documents.
type dataSet struct {
	*db.Store
	given  *settings                     // from flags and environment variables
	values atomic.Pointer[legacy.Values] // stored in the database
}

// openData opens and migrates the database, and reconciles the given settings with the stored ones. The tracer may be
// nil.
func (s *settings) openData(ctx context.Context, tracer trace.TracerProvider, std streams) (*dataSet, error) {
	store, err := s.open(ctx, tracer, std)
	if err != nil {
		return nil, err
	}
	d, err := s.newDataSet(ctx, store, std)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return d, nil
}

// newDataSet returns the data set of an open database, with its settings reconciled with the given ones.
func (s *settings) newDataSet(ctx context.Context, store *db.Store, std streams) (*dataSet, error) {
	d := &dataSet{Store: store, given: s}
	return d, d.reconcileSettings(ctx, std.err)
}

// reconcileSettings stores missing settings and loads the stored ones. It returns an error if a given setting differs
// from the stored one.
func (d *dataSet) reconcileSettings(ctx context.Context, out io.Writer) error {
	first, empty := false, false
	all, added, err := d.AgreeSettings(ctx, func(stored []db.Setting) (missing []db.Setting, err error) {
		var markets []string
		if first = len(stored) == 0; first {
			if empty, err = d.Empty(ctx); err != nil {
				return nil, err
			}
			if markets, err = d.Markets(ctx); err != nil {
				return nil, err
			}
		}
		return d.given.missing(stored, markets)
	})
	if err != nil {
		return err
	}
	if first && !empty && len(added) > 0 {
		fmt.Fprintln(out, "The database had records and no settings. These settings are stored now; if the documents were imported with others, see usagegraph settings --help:")
		for _, a := range added {
			fmt.Fprintf(out, "  %s = %q\n", a.SettingKey, a.Value)
		}
	}
	return d.applyStored(all)
}

// reload loads the stored settings.
func (d *dataSet) reload(ctx context.Context) error {
	stored, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	return d.applyStored(stored)
}

// applyStored applies stored settings to the store and to later imports.
func (d *dataSet) applyStored(stored []db.Setting) error {
	values := effectiveValues(stored)
	window, err := window(values)
	if err != nil {
		return err
	}
	d.UseSettings(stored, window)
	d.values.Store(&values)
	return nil
}

// effectiveValues returns the values of stored settings, with the new value of a pending change.
func effectiveValues(stored []db.Setting) legacy.Values {
	values := legacy.Values{}
	for _, s := range stored {
		values[s.SettingKey] = s.Effective()
	}
	return values
}

// importer returns an importer into a store with the settings of the data set.
func (d *dataSet) importer(store *db.Store) (*ingest.Importer, error) {
	systems, err := decoders(d.given.withMarkets(*d.values.Load()))
	return &ingest.Importer{Store: store, Sources: systems}, err
}

// serverImporter returns an importer with the current settings of the data set, for requests.
func (d *dataSet) serverImporter() (*ingest.Importer, error) { return d.importer(d.Store) }

// decoders returns the importer's sources for some settings, in the order of the registry.
func decoders(values legacy.Values) ([]ingest.Source, error) {
	var list []ingest.Source
	for _, system := range sources.Systems() {
		source, err := system.Source(values)
		if err != nil {
			return nil, err
		}
		list = append(list, source)
	}
	return list, nil
}

// withMarkets returns the values with the given markets instead of the stored ones, so that documents of several
// markets can be imported one after another.
func (s *settings) withMarkets(stored legacy.Values) legacy.Values {
	values := maps.Clone(stored)
	for _, d := range dataSettings() {
		if given := s.given(d.Name); given != nil && d.hasMarkets() {
			values[db.SettingKey{Name: d.Name}] = *given
		}
	}
	return values
}

// missing returns the settings that are not stored yet, with given or default values. It returns an error if a given
// setting differs from the stored one. markets are the markets of the stored reports.
func (s *settings) missing(stored []db.Setting, markets []string) ([]db.Setting, error) {
	values := effectiveValues(stored)
	var missing []db.Setting
	for _, d := range dataSettings() {
		given, market := s.given(d.Name), ""
		if d.Market != "" {
			market = s.withMarkets(values).Of(d.Market)
		}
		for _, key := range d.keys(market, markets) {
			value, known := values[key]
			switch {
			case known && given != nil && *given != value && !d.hasMarkets() && key.Scope == market:
				return nil, conflict(d, key, value, *given)
			case known:
				continue
			case given != nil && (len(stored) == 0 || key.Scope == market):
				value = *given
			case d.Market != "" && len(stored) > 0 && !isDefault(d.Market, key.Scope):
				return nil, fmt.Errorf("the time zone of market %s is unknown: set --%s (%s)", key.Scope, d.Name, d.Environment())
			default:
				value = d.Default
			}
			values[key] = value
			missing = append(missing, db.Setting{SettingKey: key, Value: value})
		}
	}
	return missing, nil
}

// keys returns the keys of a setting: one, or one for each market. market is the market of imported documents.
func (d dataSetting) keys(market string, markets []string) []db.SettingKey {
	if d.Market == "" {
		return []db.SettingKey{{Name: d.Name}}
	}
	all := append([]string{market}, markets...)
	slices.Sort(all)
	var keys []db.SettingKey
	for _, market := range slices.Compact(all) {
		keys = append(keys, db.SettingKey{Name: d.Name, Scope: market})
	}
	return keys
}

func isDefault(name, value string) bool {
	d, err := dataSettingNamed(name)
	return err == nil && value == d.Default
}

// conflict returns the error for a given setting that differs from the stored one.
func conflict(d dataSetting, key db.SettingKey, stored, given string) error {
	market := ""
	if key.Scope != "" {
		market = " --market " + key.Scope
	}
	return fmt.Errorf("--%s (%s) is %q, but the data set is stored with %q: remove the setting, or change the data set with usagegraph settings set %s '%s'%s",
		d.Name, d.Environment(), given, stored, d.Name, given, market)
}

// window returns the duration of the attribution window.
func window(values legacy.Values) (time.Duration, error) {
	days, err := strconv.Atoi(values.Of(attributionWindow))
	if err != nil {
		return 0, fmt.Errorf("stored setting %s: %w", attributionWindow, err)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}
