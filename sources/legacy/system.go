// Package legacy describes a legacy system to the rest of the program. Each folder of sources has a function System that
// returns its description; the package sources lists them.
package legacy

import (
	"io/fs"
	"log/slog"
	"net/http"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources/rest"
)

// System describes a legacy system: how its documents are read and its old endpoint is served.
type System struct {
	Name db.Source
	// Settings are the settings with which its documents are read. They are stored with the data set.
	Settings []Setting
	// Source returns the importer's description of the system. It returns an error for values that are not valid.
	Source func(Values) (ingest.Source, error)
	// Reread returns how stored records are read again after a setting has changed from before to after. Nil: with
	// Again of the Source of the new values.
	Reread func(changed db.SettingKey, before, after Values) (ingest.Redecode, error)
	// OwnIDKind is the kind with which the assign command accepts the system's own id of a subscription, in capitals.
	// Empty: the system has no name for it.
	OwnIDKind string
	// NumberIDs is set where the system names subscriptions by phone numbers alone: digits are never an own id.
	NumberIDs bool

	// Samples holds the documents of the system's page, as sample/*.json.
	Samples fs.FS

	// Flags points to a struct with the flags of the endpoint, tagged for kong; nil: there are none.
	Flags any
	// Endpoint returns the handlers of the old endpoint by their patterns. It reads Flags.
	Endpoint func(Endpoint) map[string]http.Handler
	// Credentials names the headers in which clients of the endpoint send their credentials, if it has its own.
	Credentials *auth.Headers
	// RequestHeaders are the further headers that clients of the endpoint send; browsers may send them, too.
	RequestHeaders []string
}

// Endpoint holds what the old endpoints have in common.
type Endpoint struct {
	Store *db.Store
	// Scope returns the records that a request may see. It returns a rest.Problem for a request that is refused.
	Scope func(*http.Request) (db.Scope, error)
	// Values returns the current settings of the data set.
	Values func() Values
	// Unknown is the treatment of query parameters that the endpoint does not have.
	Unknown rest.Unknown
	Log     *slog.Logger
}
