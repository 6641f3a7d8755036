package graphqlhttp

import "go.opentelemetry.io/otel/trace"

// Settings holds the flags of the GraphQL endpoint.
type Settings struct {
	Limits
	Introspection        string `env:"INTROSPECTION" enum:"auto,on,off" default:"auto" help:"Whether clients may query the schema: on, off, or auto, which is on for a loopback address, and elsewhere for clients with credentials."`
	TrustedDocuments     string `env:"TRUSTED_DOCUMENTS" placeholder:"FILE" help:"Manifest of the documents that clients may execute, as written by graphql-codegen, Relay or Apollo."`
	TrustedDocumentsMode string `env:"TRUSTED_DOCUMENTS_MODE" enum:"off,log,enforce" default:"enforce" help:"Handling of documents that are not in the manifest: enforce rejects them, log executes and logs them, off ignores the manifest."`
	// Tracer makes the spans of resolvers; nil makes none.
	Tracer trace.TracerProvider `kong:"-"`
}

// tracerName is the instrumentation scope of the spans.
const tracerName = "usagegraph/graphqlhttp"

// tracer returns the tracer of resolvers; nil without a provider.
func (s Settings) tracer() trace.Tracer {
	if s.Tracer == nil {
		return nil
	}
	return s.Tracer.Tracer(tracerName)
}

// DefaultSettings returns the default settings for a loopback address.
func DefaultSettings() Settings {
	return Settings{Limits: DefaultLimits(), Introspection: introspectionOn, TrustedDocumentsMode: trustedEnforce}
}

// The values of Settings.Introspection. introspectionClients is the value of auto on a public address with authentication.
const (
	introspectionOn      = "on"
	introspectionOff     = "off"
	introspectionAuto    = "auto"
	introspectionClients = "clients"
)

// ResolveIntrospection replaces auto: by on for a loopback address, by off for another address without authentication,
// and otherwise so that authenticated clients may query the schema.
func (s *Settings) ResolveIntrospection(loopback, authenticated bool) {
	switch {
	case s.Introspection != introspectionAuto:
	case loopback:
		s.Introspection = introspectionOn
	case authenticated:
		s.Introspection = introspectionClients
	default:
		s.Introspection = introspectionOff
	}
}

// Introspects reports whether clients may query the schema. Error messages suggest names of the schema only then. A
// request that needs credentials and has none is refused before its document is read.
func (s Settings) Introspects() bool {
	return s.Introspection == introspectionOn || s.SchemaNeedsClient()
}

// SchemaNeedsClient reports whether only authenticated clients may read the schema.
func (s Settings) SchemaNeedsClient() bool { return s.Introspection == introspectionClients }
