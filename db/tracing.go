package db

import (
	"database/sql"
	"database/sql/driver"

	"github.com/XSAM/otelsql"
	"go.opentelemetry.io/otel/trace"
)

// openPool opens a pool; where there is a provider it has a span of each statement.
func openPool(connector driver.Connector, provider trace.TracerProvider) *sql.DB {
	if provider == nil {
		return sql.OpenDB(connector)
	}
	// A span has a statement's text, which holds no values, but neither its arguments nor its error, which may repeat one.
	return otelsql.OpenDB(connector, otelsql.WithTracerProvider(provider), otelsql.WithSpanOptions(otelsql.SpanOptions{
		DisableErrSkip: true, OmitConnResetSession: true, OmitConnPrepare: true, OmitRows: true, OmitConnectorConnect: true,
		RecordError: func(error) bool { return false },
	}))
}
