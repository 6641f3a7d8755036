package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"usagegraph/db"
)

type settingsCommand struct {
	List listSettingsCommand `cmd:"" default:"1" help:"List the settings of the data set. The default command."`
	Set  setSettingCommand   `cmd:"" help:"Change a setting and recompute the stored records that depend on it."`
}

// Help describes the settings of the data set.
func (settingsCommand) Help() string {
	return `The settings of the data set, such as time zones, currencies and regions, determine how documents are read. The first command on a database stores them; later commands use the stored values, and fail if a flag or an environment variable differs from them.

  usagegraph settings
  usagegraph settings set stn-time-zone Europe/Amsterdam`
}

type listSettingsCommand struct{}

// Run lists the settings.
func (listSettingsCommand) Run(ctx context.Context, s *settings, std streams) error {
	d, err := s.stored().openData(ctx, nil, std)
	if err != nil {
		return err
	}
	defer d.Close()
	list, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tMARKET\tVALUE\tSINCE\tMEANING")
	for _, r := range list {
		setting, err := dataSettingNamed(r.Name)
		if err != nil {
			return err
		}
		value := r.Value
		if value == "" {
			value = "(none)"
		}
		if r.Pending != nil {
			value += " (being changed to " + *r.Pending + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Scope, value, r.Since.Format(time.RFC3339), setting.Help)
	}
	return w.Flush()
}

// stored returns the settings without those of the data set, for commands that take the stored ones in any case.
func (s *settings) stored() *settings {
	return &settings{Database: s.Database, Connections: s.Connections, Unprepared: s.Unprepared}
}

type setSettingCommand struct {
	Name   string `arg:"" help:"Name of the setting (see usagegraph settings)."`
	Value  string `arg:"" help:"New value; it may be empty."`
	Market string `help:"Market of the setting. The default is the market of imported documents." placeholder:"ID"`
	Yes    bool   `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Help describes the change of a setting.
func (setSettingCommand) Help() string {
	return `The command recomputes the records that depend on the setting, as if their documents were imported again, in batches. Meanwhile servers answer 503. Ctrl-C stops it after the current batch; the next command on the database continues.

The market of dxp (dxp-business-id) is the default market of imported documents. Changing it moves the reports of the old market to the new one.`
}

// Run changes a setting.
func (c *setSettingCommand) Run(ctx context.Context, s *settings, std streams) error {
	setting, err := dataSettingNamed(c.Name)
	if err != nil {
		return err
	}
	if err := setting.Check(c.Value); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	if c.Market != "" && setting.Market == "" {
		return fmt.Errorf("%s: --market is valid only for %s", c.Name, ofMarkets())
	}
	d, err := s.stored().openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer d.Close()
	key, err := c.key(d, setting)
	if err != nil {
		return err
	}
	before := (*d.values.Load())[key]
	if before == c.Value {
		fmt.Fprintf(std.out, "%s is already %q.\n", key, c.Value)
		return nil
	}
	if setting.hasMarkets() {
		if err := d.checkNewMarket(ctx, setting, before, c.Value); err != nil {
			return err
		}
	}
	if err := c.confirm(ctx, d, setting, key, before, std); err != nil {
		return err
	}
	if err := d.change(ctx, setting, key, before, c.Value, std); err != nil {
		return err
	}
	c.warnOfEnvironment(s, setting, std)
	return nil
}

// key returns the key of the setting that is set.
func (c *setSettingCommand) key(d *dataSet, setting dataSetting) (db.SettingKey, error) {
	key := db.SettingKey{Name: setting.Name}
	if setting.Market == "" {
		return key, nil
	}
	values := *d.values.Load()
	if key.Scope = c.Market; key.Scope == "" {
		key.Scope = values.Of(setting.Market)
	}
	if _, known := values[key]; !known {
		return key, fmt.Errorf("unknown market %q (see usagegraph settings)", key.Scope)
	}
	return key, nil
}

// ofMarkets lists the settings that each market has.
func ofMarkets() string {
	var names []string
	for _, d := range dataSettings() {
		if d.Market != "" {
			names = append(names, d.Name)
		}
	}
	return strings.Join(names, ", ")
}

// confirm prints the number of records to recompute and asks for confirmation, unless --yes is set or there are none.
func (c *setSettingCommand) confirm(ctx context.Context, d *dataSet, setting dataSetting, key db.SettingKey, before string, std streams) error {
	rows, err := d.dependent(ctx, setting.source)
	if err != nil {
		return err
	}
	of := "records of " + strings.ToLower(string(setting.source))
	if setting.source == "" {
		of = "documents without a customer"
	}
	fmt.Fprintf(std.err, "%s changes from %q to %q: %d %s and the data derived from them will be recomputed. Servers answer 503 meanwhile. Make a backup first.\n", key, before, c.Value, rows, of)
	if c.Yes || rows == 0 {
		return nil
	}
	if err := confirm(std, "Continue?"); err != nil {
		return fmt.Errorf("%s: %w", c.Name, err)
	}
	return nil
}

// warnOfEnvironment warns if the flag or environment variable of the setting still has the old value.
func (c *setSettingCommand) warnOfEnvironment(s *settings, setting dataSetting, std streams) {
	if given := s.given(setting.Name); given != nil && *given != c.Value {
		fmt.Fprintf(std.err, "%s (--%s) is still %q: change or remove it, or other commands will fail.\n", setting.Environment(), setting.Name, *given)
	}
}

// change changes a setting and recomputes the records that depend on it.
func (d *dataSet) change(ctx context.Context, setting dataSetting, key db.SettingKey, before, after string, std streams) error {
	if setting.hasMarkets() {
		if err := d.addMarket(ctx, before, after); err != nil {
			return err
		}
	}
	if err := d.BeginSettingChange(ctx, key, after); err != nil {
		return err
	}
	if err := d.reload(ctx); err != nil {
		return err
	}
	return d.finishChanges(ctx, std)
}

// checkNewMarket returns an error if the reports of a market cannot be moved to another.
func (d *dataSet) checkNewMarket(ctx context.Context, setting dataSetting, before, after string) error {
	markets, err := d.Markets(ctx)
	if err != nil {
		return err
	}
	if slices.Contains(markets, after) {
		return fmt.Errorf("%s: market %s already has reports: those of %s cannot be merged with them", setting.Name, after, before)
	}
	values := *d.values.Load()
	for _, name := range setting.ofMarkets() {
		value, known := values[db.SettingKey{Name: name, Scope: after}]
		if old := values[db.SettingKey{Name: name, Scope: before}]; known && value != old {
			return fmt.Errorf("%s: %s of market %s is %s, but of market %s it is %s: make them equal first (usagegraph settings set %s)", setting.Name, name, after, value, before, old, name)
		}
	}
	return nil
}

// addMarket copies the settings of a market to a new one.
func (d *dataSet) addMarket(ctx context.Context, before, after string) error {
	_, _, err := d.AgreeSettings(ctx, func(stored []db.Setting) ([]db.Setting, error) {
		var added []db.Setting
		for _, r := range stored {
			key := db.SettingKey{Name: r.Name, Scope: after}
			if r.Scope == before && !slices.ContainsFunc(stored, func(s db.Setting) bool { return s.SettingKey == key }) {
				added = append(added, db.Setting{SettingKey: key, Value: r.Value})
			}
		}
		return added, nil
	})
	return err
}
