package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"golang.org/x/time/rate"
)

// IssuerSettings say whose tokens are taken, and what their claims are called.
type IssuerSettings struct {
	// Issuer and Audience are what a token's iss and aud must say.
	Issuer, Audience string
	// KeysURL is where the issuer's JWK Set is; empty asks the issuer's /.well-known/openid-configuration.
	KeysURL string
	// CustomersClaim names the claim that lists the customers whom the bearer sees, CostClaim the one that is true where
	// he sees cost.
	CustomersClaim, CostClaim string
}

// Issuer is who signs tokens (JWT, RFC 7519) whose bearers may ask.
type Issuer struct {
	settings IssuerSettings
	keys     keyfunc.Keyfunc
}

const (
	// issuerTimeout is how long an issuer may take to answer.
	issuerTimeout = 10 * time.Second
	// keysEvery is how often keys are read anew at the most, where a token names one that is not known.
	keysEvery = 10 * time.Second
	// maxDiscovery is how long an issuer's description may be, in bytes.
	maxDiscovery = 1 << 20
)

// NewIssuer reads an issuer's keys, and reads them again every hour, and where a token names a key that is not known,
// until the context is done. It returns an error where the settings make no sense, and where the keys cannot be read.
func NewIssuer(ctx context.Context, s IssuerSettings, log *slog.Logger) (*Issuer, error) {
	if s.Audience == "" {
		return nil, errors.New("an issuer of tokens needs an audience: what a token's aud must say")
	}
	if err := checkURL(s.Issuer); err != nil {
		return nil, fmt.Errorf("the issuer: %w", err)
	}
	client := &http.Client{Timeout: issuerTimeout}
	if s.KeysURL == "" {
		var err error
		if s.KeysURL, err = discover(ctx, client, s.Issuer); err != nil {
			return nil, fmt.Errorf("ask the issuer for its keys: %w", err)
		}
	}
	if err := checkURL(s.KeysURL); err != nil {
		return nil, fmt.Errorf("the issuer's keys: %w", err)
	}
	mustAnswer := false
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{s.KeysURL}, keyfunc.Override{
		Client: client, HTTPTimeout: issuerTimeout, NoErrorReturnFirstHTTPReq: &mustAnswer,
		// A token that names an unknown key makes all keys be read anew: whoever sends such tokens only hastens that.
		RefreshUnknownKID: rate.NewLimiter(rate.Every(keysEvery), 1), RateLimitWaitMax: time.Second,
		RefreshErrorHandlerFunc: func(string) func(context.Context, error) {
			return func(ctx context.Context, err error) {
				log.ErrorContext(ctx, "the issuer's keys cannot be read", "error", err)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("read the issuer's keys: %w", err)
	}
	return &Issuer{s, keys}, nil
}

// checkURL refuses what is no URL, and one that others on the wire could answer for the issuer.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return errors.New("want a URL, such as https://login.example.com/")
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && !(u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())) {
		return errors.New("want https")
	}
	return nil
}

// discover asks an issuer where its keys are (OpenID Connect Discovery 1.0, section 4).
func discover(ctx context.Context, client *http.Client, issuer string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", err
	}
	answer, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", request.URL, answer.Status)
	}
	var found struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxDiscovery)).Decode(&found); err != nil {
		return "", fmt.Errorf("%s: %w", request.URL, err)
	}
	if found.Issuer != issuer {
		return "", fmt.Errorf("%s speaks for %q: the issuer must be written just so", request.URL, found.Issuer)
	}
	return found.KeysURL, nil
}
