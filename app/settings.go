package app

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
)

// settings are the flags that every command has. Those of the data set, which dataSettings lists, are nil where they are
// not given.
type settings struct {
	Database          string  `env:"DATABASE_URL" placeholder:"URL" help:"The database: postgres://... or the path of an SQLite file. Without it: usagegraph.db, filled with samples when it is new."`
	Unprepared        bool    `env:"UNPREPARED_STATEMENTS" help:"Prepare no statements: for a pooler in transaction mode, such as PgBouncer."`
	ElevateCurrency   *string `group:"data" env:"ELEVATE_CURRENCY" placeholder:"GBP" help:"The currency of elevate's prices (ISO 4217)."`
	STNCurrency       *string `group:"data" name:"stn-currency" env:"STN_CURRENCY" placeholder:"EUR" help:"The currency of sTN's amounts (ISO 4217)."`
	ElevateRegion     *string `group:"data" env:"ELEVATE_REGION" placeholder:"GB" help:"The country of national phone numbers in elevate's documents (ISO 3166); empty: all numbers have a country code."`
	BRMRegion         *string `group:"data" name:"brm-region" env:"BRM_REGION" placeholder:"''" help:"The country of national phone numbers in brm's documents (ISO 3166); empty: all numbers have a country code."`
	STNRegion         *string `group:"data" name:"stn-region" env:"STN_REGION" placeholder:"NL" help:"The country of national phone numbers in sTN's documents (ISO 3166); empty: all numbers have a country code."`
	STNTimeZone       *string `group:"data" name:"stn-time-zone" env:"STN_TIME_ZONE" placeholder:"UTC" help:"The time zone in which sTN's months begin and end."`
	AttributionWindow *string `group:"data" env:"ATTRIBUTION_WINDOW" placeholder:"45" help:"For how many whole days after the last record of a line with a phone number a document that names the number and no customer still belongs to the line; 0: not at all."`
	DXPTimeZone       *string `group:"data" name:"dxp-time-zone" env:"DXP_TIME_ZONE" placeholder:"America/Puerto_Rico" help:"The time zone of the times in dxp's documents, one for each market."`
	DXPBusinessID     *string `group:"data" name:"dxp-business-id" env:"DXP_BUSINESS_ID" placeholder:"PR" help:"The market of dxp's documents: a country's two letters (ISO 3166)."`
}

// dataGroup is the heading of the settings of the data set in help texts.
const dataGroup = "Settings of the data set, stored with it at first use (usagegraph settings --help); the defaults are shown:"

// Validate checks the settings of the data set that are given; kong calls it.
func (s *settings) Validate() error {
	for _, d := range dataSettings {
		value := *d.given(s)
		if value == nil {
			continue
		}
		if err := d.check(*value); err != nil {
			return fmt.Errorf("--%s: %w", d.name, err)
		}
	}
	return nil
}

// connect opens the database and leaves its tables as they are. The tracer may be nil.
func (s *settings) connect(ctx context.Context, tracer trace.TracerProvider) (*db.Store, error) {
	url := s.Database
	if url == "" {
		url = defaultDatabase
	}
	return db.Open(ctx, url, db.Options{Unprepared: s.Unprepared, Tracer: tracer})
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
