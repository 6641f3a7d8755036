package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// dataSet is an open database with the settings of its data.
type dataSet struct {
	*db.Store
	given  *settings
	values atomic.Pointer[settingValues]
}

// openData opens the database, brings its tables up to date, and compares the settings that are given with the stored ones.
// Those that are not stored yet are stored. The tracer may be nil.
func (s *settings) openData(ctx context.Context, tracer trace.TracerProvider, std streams) (*dataSet, error) {
	store, err := s.open(ctx, tracer, std)
	if err != nil {
		return nil, err
	}
	d, err := s.dataOf(ctx, store, std)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return d, nil
}

// dataOf compares the settings that are given with those of an open database.
func (s *settings) dataOf(ctx context.Context, store *db.Store, std streams) (*dataSet, error) {
	d := &dataSet{Store: store, given: s}
	return d, d.agree(ctx, std.err)
}

// agree stores the settings that are missing and takes the stored ones. It returns an error where a given setting has
// another value than the stored one.
func (d *dataSet) agree(ctx context.Context, out io.Writer) error {
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
		fmt.Fprintln(out, "The database had records and no settings. These are stored now as those that its documents were imported with; to change them see usagegraph settings --help:")
		for _, a := range added {
			fmt.Fprintf(out, "  %s = %q\n", a.SettingKey, a.Value)
		}
	}
	return d.use(all)
}

// reload takes the stored settings.
func (d *dataSet) reload(ctx context.Context) error {
	stored, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	return d.use(stored)
}

func (d *dataSet) use(stored []db.Setting) error {
	values := settingValues{}
	for _, s := range stored {
		values[s.SettingKey] = s.Effective()
	}
	window, err := values.window()
	if err != nil {
		return err
	}
	d.UseSettings(stored, window)
	d.values.Store(&values)
	return nil
}

// importer imports into a store with the settings of the data set.
func (d *dataSet) importer(store *db.Store) (*ingest.Importer, error) {
	sources, err := d.values.Load().sources(d.given.market(*d.values.Load()))
	return &ingest.Importer{Store: store, Sources: sources}, err
}

// zone returns the time zone of a market of dxp: of one without records, that of the market whose documents are imported.
func (d *dataSet) zone(market string) *time.Location {
	values := *d.values.Load()
	name, known := values[db.SettingKey{Name: dxpTimeZone, Scope: market}]
	if !known {
		name = values[db.SettingKey{Name: dxpTimeZone, Scope: values[db.SettingKey{Name: dxpBusinessID}]}]
	}
	zone, err := location(name)
	if err != nil {
		return time.UTC // stored settings were checked
	}
	return zone
}

// market returns the market of the dxp documents that are imported: the given one, else the stored one.
func (s *settings) market(stored settingValues) string {
	if s.DXPBusinessID != nil {
		return *s.DXPBusinessID
	}
	return stored[db.SettingKey{Name: dxpBusinessID}]
}

// missing returns the settings that are not stored yet: given ones, and otherwise the defaults. It returns an error where a
// given setting has another value than the stored one. Markets are those of the stored reports.
func (s *settings) missing(stored []db.Setting, markets []string) ([]db.Setting, error) {
	values := settingValues{}
	for _, r := range stored {
		values[r.SettingKey] = r.Effective()
	}
	var missing []db.Setting
	for _, d := range dataSettings {
		for _, key := range s.keys(d, values, markets) {
			given := *d.given(s)
			value, known := values[key]
			switch {
			case known && given != nil && *given != value && d.compared(s, values, key):
				return nil, conflict(d, key, value, *given)
			case known:
				continue
			case given != nil && (!d.ofMarket || len(stored) == 0 || key.Scope == s.market(values)):
				value = *given
			case d.ofMarket && key.Scope != defaultMarket && len(stored) > 0:
				return nil, fmt.Errorf("the time zone of market %s is not known: give --%s (%s)", key.Scope, d.name, d.environment())
			default:
				value = d.fallback
			}
			values[key] = value
			missing = append(missing, db.Setting{SettingKey: key, Value: value})
		}
	}
	return missing, nil
}

// keys returns the keys of a setting: one, or one for each market.
func (s *settings) keys(d dataSetting, values settingValues, markets []string) []db.SettingKey {
	if !d.ofMarket {
		return []db.SettingKey{{Name: d.name}}
	}
	all := append([]string{s.market(values)}, markets...)
	slices.Sort(all)
	var keys []db.SettingKey
	for _, market := range slices.Compact(all) {
		keys = append(keys, db.SettingKey{Name: d.name, Scope: market})
	}
	return keys
}

// compared reports whether a given setting must equal the stored one. Another market of dxp is a further market, and a given
// time zone is that of the market that is imported.
func (d dataSetting) compared(s *settings, values settingValues, key db.SettingKey) bool {
	return d.name != dxpBusinessID && (!d.ofMarket || key.Scope == s.market(values))
}

// conflict is the error for a given setting that has another value than the stored one.
func conflict(d dataSetting, key db.SettingKey, stored, given string) error {
	market := ""
	if key.Scope != "" {
		market = " --market " + key.Scope
	}
	return fmt.Errorf("--%s (%s) is %q, but this data set was imported with %q: leave the setting out, or change the data set: usagegraph settings set %s '%s'%s",
		d.name, d.environment(), given, stored, d.name, given, market)
}

// settingValues are the values of the settings of a data set.
type settingValues map[db.SettingKey]string

func (v settingValues) window() (time.Duration, error) {
	days, err := strconv.Atoi(v[db.SettingKey{Name: attributionWindow}])
	if err != nil {
		return 0, fmt.Errorf("the stored %s is no number: %w", attributionWindow, err)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// sources returns the four systems, in the order in which stored records are attributed with the fewest moves: see
// inOrder. The market is that of dxp's documents.
func (v settingValues) sources(market string) ([]ingest.Source, error) {
	of := func(name string) string { return v[db.SettingKey{Name: name}] }
	dxpZone, err := location(v[db.SettingKey{Name: dxpTimeZone, Scope: market}])
	if err != nil {
		return nil, err
	}
	stnZone, err := location(of(stnTimeZone))
	if err != nil {
		return nil, err
	}
	var list []ingest.Source
	for _, make := range []func() (ingest.Source, error){
		func() (ingest.Source, error) {
			return stn.Source(stn.Settings{Currency: of(stnCurrency), Region: of(stnRegion), Location: stnZone})
		},
		func() (ingest.Source, error) { return brm.Source(brm.Settings{Region: of(brmRegion)}) },
		func() (ingest.Source, error) {
			return elevate.Source(elevate.Settings{Currency: of(elevateCurrency), Region: of(elevateRegion)})
		},
		func() (ingest.Source, error) {
			return dxp.Source(dxp.Settings{Location: dxpZone, BusinessID: market})
		},
	} {
		source, err := make()
		if err != nil {
			return nil, err
		}
		list = append(list, source)
	}
	return list, nil
}
