package conn

import (
	"database/sql"
	"database/sql/driver"

	"github.com/XSAM/otelsql"
	"go.opentelemetry.io/otel/trace"
)

// openPool opens a connection pool. With a provider each statement has a span with its text, which holds no values; the
// span has neither arguments nor errors, which may repeat a value.
func openPool(connector driver.Connector, provider trace.TracerProvider) *sql.DB {
	if provider == nil {
		return sql.OpenDB(connector)
	}
	return otelsql.OpenDB(connector, otelsql.WithTracerProvider(provider), otelsql.WithSpanOptions(otelsql.SpanOptions{
		DisableErrSkip: true, OmitConnResetSession: true, OmitConnPrepare: true, OmitRows: true, OmitConnectorConnect: true,
		RecordError: func(error) bool { return false },
	}))
}
