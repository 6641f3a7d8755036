// Package legacy has the type of the description of a legacy system. The package of each system has a function System
// that returns its description. Package sources lists them.
package legacy

import (
	"io/fs"
	"log/slog"
	"net/http"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/demo"
	"usagegraph/ingest"
	"usagegraph/sources/rest"
)

// System describes the documents, the settings and the old endpoint of a legacy system.
type System struct {
	Name db.Source
	// Settings are the settings of its decoder. They are stored with the data set.
	Settings []Setting
	// Source returns the description of the system for the importer. It returns an error for invalid values.
	Source func(Values) (ingest.Source, error)
	// Reread returns the functions that decode stored records again after a setting has changed from before to after.
	// Nil: those are Redecode of the Source with the new values.
	Reread func(changed db.SettingKey, before, after Values) (ingest.Redecode, error)
	// OwnIDKind is the kind, in capitals, by which the assign command accepts the system's own id of a subscription.
	// Empty: the system has no such kind.
	OwnIDKind string
	// NumberIDs reports whether the system identifies subscriptions by phone numbers only: digits are never an own id.
	NumberIDs bool

	// Extensions are the extensions of its documents' file names, such as .csv, besides .json, .ndjson and .jsonl.
	Extensions []string
	// Samples holds the documents of the system's page, as sample/*.
	Samples fs.FS
	// Demo returns the system's document of a demo data set. Nil: the system has none.
	Demo func(demo.Set) demo.Document

	// Flags points to a struct with the flags of the endpoint, with tags for kong. Nil: it has none.
	Flags any
	// Endpoint returns the handlers of the old endpoint by pattern. It reads Flags.
	Endpoint func(Endpoint) map[string]http.Handler
	// Credentials are the request headers for credentials that only this endpoint has. Nil: it has none.
	Credentials *auth.Headers
}

// Endpoint holds the parameters of all old endpoints.
type Endpoint struct {
	Store *db.Store
	// Scope returns the scope of the client of a request. It returns a rest.Problem for a request to reject.
	Scope func(*http.Request) (db.Scope, error)
	// Values returns the current settings of the data set.
	Values func() Values
	// Unknown selects the handling of unknown query parameters.
	Unknown rest.Unknown
	// BasePath is the path below which the server serves everything, such as /usage; empty is none.
	BasePath string
	Log      *slog.Logger
}
