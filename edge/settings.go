package edge

import (
	"errors"
	"path"
	"regexp"
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
	BasePath            string        `env:"BASE_PATH" placeholder:"PATH" help:"Path below which everything is served, such as /usage, except /livez and /readyz."`
	TrustedProxies      []string      `env:"TRUSTED_PROXIES" placeholder:"ADDRESS" help:"Addresses or networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto have the client's address and scheme, such as 10.0.0.5 or 10.0.0.0/8. Other requests cannot set them."`
}

// DefaultSettings returns the default settings for a loopback address.
func DefaultSettings() Settings {
	return Settings{Settings: graphqlhttp.DefaultSettings(), MaxRunning: 64, MaxRunningPerClient: 16, Timeout: 10 * time.Second}
}

// validBasePath matches paths whose characters need no escaping in a URL, and are no pattern of http.ServeMux.
var validBasePath = regexp.MustCompile(`^(/[A-Za-z0-9._~-]+)+$`)

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
	if s.BasePath != "" && (path.Clean(s.BasePath) != s.BasePath || !validBasePath.MatchString(s.BasePath)) {
		return errors.New("BASE_PATH: want a path without a slash at its end, such as /usage")
	}
	_, proxies := parseProxies(s.TrustedProxies)
	_, origins := trustOrigins(s.CORSOrigins)
	return errors.Join(s.Limits.Check(), proxies, origins)
}
