package app

import (
	"log/slog"
	"net/http"

	"github.com/alecthomas/kong"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/edge"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
	"usagegraph/sources/rest"
)

// endpoints holds the REST endpoints of all systems and their flags.
type endpoints struct {
	kong.Plugins
	UnknownParameters string `env:"UNKNOWN_PARAMETERS" enum:"documented,ignored,refused" default:"documented" help:"Unknown query parameters of REST endpoints. documented: sTN and dxp ignore them, elevate and brm refuse them. ignored: all endpoints ignore them; a misspelt filter then has no effect, except on sTN, which refuses it. refused: all endpoints refuse them."`
	systems           []legacy.System
}

// newEndpoints returns the endpoints of all systems with their flags.
func newEndpoints() endpoints {
	e := endpoints{systems: sources.Systems()}
	for _, system := range e.systems {
		if system.Flags != nil {
			e.Plugins = append(e.Plugins, system.Flags)
		}
	}
	return e
}

// handlers returns the handlers of the endpoints by pattern, for requests that auth.Middleware has authenticated.
func (e *endpoints) handlers(store *db.Store, values func() legacy.Values, basePath string, log *slog.Logger) map[string]http.Handler {
	all := map[string]http.Handler{}
	for _, system := range e.systems {
		for pattern, handler := range system.Endpoint(legacy.Endpoint{
			Store: store, Scope: admitted(auth.Scope), Values: values, Unknown: rest.Unknown(e.UnknownParameters), BasePath: basePath, Log: log,
		}) {
			all[pattern] = edge.Surface(system.Name.Lower(), handler)
		}
	}
	return all
}

// credentialHeaders returns the credential headers of all endpoints.
func (e *endpoints) credentialHeaders() []auth.Headers {
	var all []auth.Headers
	for _, system := range e.systems {
		if system.Credentials != nil {
			all = append(all, *system.Credentials)
		}
	}
	return all
}

// admitted returns a scope function that fails if admission has rejected the request, so that the endpoint answers with
// an error in its own format.
func admitted(scope func(*http.Request) (db.Scope, error)) func(*http.Request) (db.Scope, error) {
	return func(r *http.Request) (db.Scope, error) {
		if refusal := edge.Rejection(r.Context()); refusal != nil {
			return db.Scope{}, &rest.Problem{Status: refusal.Status, Message: refusal.Message}
		}
		return scope(r)
	}
}
