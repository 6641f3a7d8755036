package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/stn"
)

// settings are what every command can be told.
type settings struct {
	Database          string `env:"DATABASE_URL" placeholder:"URL" help:"The database: postgres://... or the path of an SQLite file. Without it: usagegraph.db, filled with samples when it is new."`
	Unprepared        bool   `env:"UNPREPARED_STATEMENTS" help:"Prepare no statements: for a pooler in transaction mode, such as PgBouncer."`
	ElevateCurrency   string `env:"ELEVATE_CURRENCY" default:"GBP" help:"The currency of elevate's prices (ISO 4217)."`
	STNCurrency       string `name:"stn-currency" env:"STN_CURRENCY" default:"EUR" help:"The currency of sTN's amounts (ISO 4217)."`
	ElevateRegion     string `env:"ELEVATE_REGION" default:"GB" help:"The country of national phone numbers in elevate's documents (ISO 3166); empty: all numbers have a country code."`
	BRMRegion         string `name:"brm-region" env:"BRM_REGION" help:"The country of national phone numbers in brm's documents (ISO 3166); empty: all numbers have a country code."`
	STNRegion         string `name:"stn-region" env:"STN_REGION" default:"NL" help:"The country of national phone numbers in sTN's documents (ISO 3166); empty: all numbers have a country code."`
	STNTimeZone       string `name:"stn-time-zone" env:"STN_TIME_ZONE" default:"UTC" help:"The time zone in which sTN's months begin and end."`
	AttributionWindow int    `env:"ATTRIBUTION_WINDOW" default:"45" help:"For how many whole days after the last record of a line with a phone number a document that names the number and no customer still belongs to the line; 0: not at all. It applies to documents that are attributed from then on: give every command the same."`
	DXPTimeZone       string `name:"dxp-time-zone" env:"DXP_TIME_ZONE" default:"America/Puerto_Rico" help:"The time zone of dxp's times."`
	DXPBusinessID     string `name:"dxp-business-id" env:"DXP_BUSINESS_ID" default:"PR" help:"The business unit of dxp's lines: a country's two letters (ISO 3166)."`
}

// maxAttributionWindow is the longest attribution window, in days: a hundred years.
const maxAttributionWindow = 36525

// Validate checks the settings that no command reads first; kong calls it.
func (s *settings) Validate() error {
	for _, given := range []struct{ flag, region string }{
		{"--elevate-region", s.ElevateRegion}, {"--brm-region", s.BRMRegion}, {"--stn-region", s.STNRegion},
	} {
		if err := db.CheckRegion(given.region); err != nil {
			return fmt.Errorf("%s: %w", given.flag, err)
		}
	}
	for _, given := range []struct{ flag, zone string }{{"--stn-time-zone", s.STNTimeZone}, {"--dxp-time-zone", s.DXPTimeZone}} {
		if _, err := location(given.zone); err != nil {
			return fmt.Errorf("%s: %w", given.flag, err)
		}
	}
	if s.AttributionWindow < 0 || s.AttributionWindow > maxAttributionWindow {
		return fmt.Errorf("--attribution-window: want 0 to %d days, not %d", maxAttributionWindow, s.AttributionWindow)
	}
	return nil
}

// connect opens the database and leaves its tables as they are. The tracer may be nil.
func (s *settings) connect(ctx context.Context, tracer trace.TracerProvider) (*db.Store, error) {
	url := s.Database
	if url == "" {
		url = defaultDatabase
	}
	window := time.Duration(s.AttributionWindow) * 24 * time.Hour
	return db.Open(ctx, url, db.Options{Unprepared: s.Unprepared, AttributionWindow: &window, Tracer: tracer})
}

// open opens the database and brings its tables up to date; it announces a migration that rewrites rows. The tracer may
// be nil.
func (s *settings) open(ctx context.Context, tracer trace.TracerProvider, std streams) (*db.Store, error) {
	store, err := s.connect(ctx, tracer)
	if err != nil {
		return nil, err
	}
	if err := announceRewrites(ctx, store, std); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if _, err := store.Migrate(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// zone returns the time zone of dxp's local times.
func (s *settings) zone() (*time.Location, error) {
	zone, err := location(s.DXPTimeZone)
	if err != nil {
		return nil, fmt.Errorf("--dxp-time-zone: %w", err)
	}
	return zone, nil
}

// location returns the time zone of a name. It refuses Local and the empty name, which depend on the machine.
func location(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("unknown time zone %q: want a name such as Europe/Amsterdam or UTC", name)
	}
	return time.LoadLocation(name)
}

// sources returns the four systems, in the order in which stored records are attributed with the fewest moves: see
// inOrder.
func (s *settings) sources() ([]ingest.Source, error) {
	zone, err := s.zone()
	if err != nil {
		return nil, err
	}
	stnZone, err := location(s.STNTimeZone)
	if err != nil {
		return nil, fmt.Errorf("--stn-time-zone: %w", err)
	}
	var list []ingest.Source
	for _, make := range []func() (ingest.Source, error){
		func() (ingest.Source, error) {
			return stn.Source(stn.Settings{Currency: s.STNCurrency, Region: s.STNRegion, Location: stnZone})
		},
		func() (ingest.Source, error) { return brm.Source(brm.Settings{Region: s.BRMRegion}) },
		func() (ingest.Source, error) {
			return elevate.Source(elevate.Settings{Currency: s.ElevateCurrency, Region: s.ElevateRegion})
		},
		func() (ingest.Source, error) {
			return dxp.Source(dxp.Settings{Location: zone, BusinessID: s.DXPBusinessID})
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

// importer imports into a store, with these settings.
func (s *settings) importer(store *db.Store) (*ingest.Importer, error) {
	sources, err := s.sources()
	return &ingest.Importer{Store: store, Sources: sources}, err
}
