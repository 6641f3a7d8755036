package graphqlhttp

import "go.opentelemetry.io/otel/trace"

// Settings holds the flags of the GraphQL endpoint.
type Settings struct {
	Limits
	Introspection        string `env:"INTROSPECTION" enum:"auto,on,off" default:"auto" help:"Whether clients may ask for the schema: on, off, or auto, which is on for a loopback address alone."`
	TrustedDocuments     string `env:"TRUSTED_DOCUMENTS" placeholder:"FILE" help:"A manifest of the documents that clients use, as graphql-codegen, Relay or Apollo write it."`
	TrustedDocumentsMode string `env:"TRUSTED_DOCUMENTS_MODE" enum:"off,log,enforce" default:"enforce" help:"What becomes of other documents where there is a manifest: off ignores the manifest, log answers and logs them, enforce refuses them."`
	// Tracer makes the spans of resolvers; nil makes none.
	Tracer trace.TracerProvider `kong:"-"`
}

// DefaultSettings returns the settings of a server at a loopback address.
func DefaultSettings() Settings {
	return Settings{Limits: DefaultLimits(), Introspection: introspectionOn, TrustedDocumentsMode: modeEnforce}
}

const (
	introspectionOn   = "on"
	introspectionOff  = "off"
	introspectionAuto = "auto"
)

// ResolveIntrospection replaces auto by on for a server at a loopback address, and by off for any other.
func (s *Settings) ResolveIntrospection(loopback bool) {
	switch {
	case s.Introspection != introspectionAuto:
	case loopback:
		s.Introspection = introspectionOn
	default:
		s.Introspection = introspectionOff
	}
}

// Introspects reports whether clients may query the schema. Error messages suggest names only then.
func (s Settings) Introspects() bool { return s.Introspection == introspectionOn }
