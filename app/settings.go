package app

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/trace"

	"usagegraph/db"
)

// settings holds the flags of all commands.
type settings struct {
	Database   string `env:"DATABASE_URL" placeholder:"URL" help:"Database: postgres://..., libpq's key=value pairs, or the path of an SQLite file. The default is usagegraph.db; the server loads samples into it if it is new."`
	Unprepared bool   `env:"UNPREPARED_STATEMENTS" help:"Do not prepare statements: for a connection pooler in transaction mode, such as PgBouncer."`
	dataFlags
}

// Validate checks the given settings of the data set; kong calls it.
func (s *settings) Validate() error {
	for _, d := range dataSettings() {
		if value := s.given(d.Name); value != nil {
			if err := d.Check(*value); err != nil {
				return fmt.Errorf("--%s: %w", d.Name, err)
			}
		}
	}
	return nil
}

// connect opens the database without migrating it. The tracer may be nil.
func (s *settings) connect(ctx context.Context, tracer trace.TracerProvider) (*db.Store, error) {
	url := s.Database
	if url == "" {
		url = defaultDatabase
	}
	return db.Open(ctx, url, db.Options{Unprepared: s.Unprepared, Tracer: tracer})
}

// open opens and migrates the database. It announces migrations that rewrite rows. The tracer may be nil.
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
