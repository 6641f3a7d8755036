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
	Database    string `env:"DATABASE_URL" placeholder:"URL" help:"Database: postgres://..., libpq's key=value pairs, or the path of an SQLite file. The default is usagegraph.db; the server loads samples into it if it is new."`
	Connections int    `name:"database-connections" env:"DATABASE_CONNECTIONS" default:"16" help:"Maximum number of open connections to the database, 2 to 1000; with SQLite, of those that read."`
	Unprepared  bool   `env:"UNPREPARED_STATEMENTS" help:"Do not prepare statements: for a connection pooler in transaction mode, such as PgBouncer."`
	dataFlags
	// replicas are those of the server.
	replicas db.Replicas
}

// The range of settings.Connections. A command may read while it writes.
const minConnections, maxConnections = 2, 1000

// Validate checks the number of connections and the given settings of the data set; kong calls it.
func (s *settings) Validate() error {
	if s.Connections < minConnections || s.Connections > maxConnections {
		return fmt.Errorf("--database-connections: want %d to %d, not %d", minConnections, maxConnections, s.Connections)
	}
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
	return db.Open(ctx, url, db.Options{Connections: s.Connections, Unprepared: s.Unprepared, Tracer: tracer, Replicas: s.replicas})
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
