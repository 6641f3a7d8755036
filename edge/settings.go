package edge

import "go.opentelemetry.io/otel/trace"

// Settings are what the operator can say of how requests are let in.
type Settings struct {
	Limits
	Introspection        string   `env:"INTROSPECTION" enum:"auto,on,off" default:"auto" help:"Whether clients may ask for the schema: on, off, or auto, which is on for a loopback address alone."`
	TrustedDocuments     string   `env:"TRUSTED_DOCUMENTS" placeholder:"FILE" help:"A manifest of the documents that clients use, as graphql-codegen, Relay or Apollo write it."`
	TrustedDocumentsMode string   `env:"TRUSTED_DOCUMENTS_MODE" enum:"off,log,enforce" default:"enforce" help:"What becomes of other documents where there is a manifest: off ignores the manifest, log answers and logs them, enforce refuses them."`
	CORSOrigins          []string `name:"cors-origin" env:"CORS_ORIGIN" placeholder:"ORIGIN" help:"The origins whose pages may read answers, such as https://app.example.com."`
	// RequestHeaders are the headers of the legacy endpoints that pages of CORSOrigins may send.
	RequestHeaders []string `kong:"-"`
	// Tracer is who is told of spans; nil is nobody.
	Tracer trace.TracerProvider `kong:"-"`
}

// DefaultSettings are those of a server at a loopback address to which nothing else is said.
func DefaultSettings() Settings {
	return Settings{Limits: DefaultLimits(), Introspection: introspectionOn, TrustedDocumentsMode: modeEnforce}
}

const (
	introspectionOn   = "on"
	introspectionOff  = "off"
	introspectionAuto = "auto"
)

// At returns the settings of a server at a loopback address, or at one that others can reach.
func (s Settings) At(loopback bool) Settings {
	switch {
	case s.Introspection != introspectionAuto:
	case loopback:
		s.Introspection = introspectionOn
	default:
		s.Introspection = introspectionOff
	}
	return s
}

// introspects tells whether clients may ask for the schema. Where they may, errors suggest names, too.
func (s Settings) introspects() bool { return s.Introspection == introspectionOn }
