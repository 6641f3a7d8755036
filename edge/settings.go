package edge

import (
	"errors"
	"time"

	"usagegraph/graphqlhttp"
)

// Settings holds the flags of the HTTP server and of the GraphQL endpoint.
type Settings struct {
	graphqlhttp.Settings
	MaxRunning          int           `env:"MAX_RUNNING" default:"64" help:"Maximum number of concurrent requests; more are answered with 503."`
	MaxRunningPerClient int           `env:"MAX_RUNNING_PER_CLIENT" default:"16" help:"Maximum number of concurrent requests of one API client; more are answered with 429."`
	Timeout             time.Duration `env:"REQUEST_TIMEOUT" default:"10s" help:"Timeout of a request; a request that exceeds it is answered with 503."`
	CORSOrigins         []string      `name:"cors-origin" env:"CORS_ORIGIN" placeholder:"ORIGIN" help:"Origins whose pages may send requests, with any header, and read responses, such as https://app.example.com."`
	TrustedProxies      []string      `env:"TRUSTED_PROXIES" placeholder:"ADDRESS" help:"Addresses or networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto have the client's address and scheme, such as 10.0.0.5 or 10.0.0.0/8. Other requests cannot set them."`
}

// DefaultSettings returns the default settings for a loopback address.
func DefaultSettings() Settings {
	return Settings{Settings: graphqlhttp.DefaultSettings(), MaxRunning: 64, MaxRunningPerClient: 16, Timeout: 10 * time.Second}
}

// Check returns an error that names the environment variable of a limit that would reject every request, or the flag of
// an invalid address or origin.
func (s Settings) Check() error {
	switch {
	case s.MaxRunning < 1:
		return errors.New("MAX_RUNNING: want 1 or more")
	case s.MaxRunningPerClient < 1:
		return errors.New("MAX_RUNNING_PER_CLIENT: want 1 or more")
	case s.Timeout <= 0:
		return errors.New("REQUEST_TIMEOUT: want more than 0s")
	}
	_, proxies := parseProxies(s.TrustedProxies)
	_, origins := trustOrigins(s.CORSOrigins)
	return errors.Join(s.Limits.Check(), proxies, origins)
}
