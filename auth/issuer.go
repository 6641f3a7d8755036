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

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"golang.org/x/time/rate"
)

// IssuerSettings holds the settings of an issuer of tokens.
type IssuerSettings struct {
	// Issuer and Audience are the values of the claims iss and aud of valid tokens.
	Issuer, Audience string
	// KeysURL is the URL of the issuer's JWK Set; if it is empty, the issuer's /.well-known/openid-configuration has
	// it.
	KeysURL string
	// CustomersClaim is the name of the claim with the list of customers in the scope of a token.
	CustomersClaim string
	// CostClaim is the name of the claim that is true if the scope includes purchase prices.
	CostClaim string
}

// Issuer verifies the tokens (JWT, RFC 7519) of an issuer.
type Issuer struct {
	settings IssuerSettings
	keys     keyfunc.Keyfunc
}

const (
	// issuerTimeout is the timeout of a request to the issuer.
	issuerTimeout = 10 * time.Second
	// refreshInterval is the minimum time between two refreshes of the keys for tokens with unknown keys.
	refreshInterval = 10 * time.Second
	// maxDiscovery is the maximum length of the issuer's discovery document, in bytes.
	maxDiscovery = 1 << 20
)

// NewIssuer reads the keys of an issuer. Until the context is done it reads them again every hour, and for a token
// with an unknown key. It returns an error for invalid settings, and if it cannot read the keys.
func NewIssuer(ctx context.Context, s IssuerSettings, log *slog.Logger) (*Issuer, error) {
	if s.Audience == "" {
		return nil, errors.New("the audience is missing: want the value of the claim aud")
	}
	if err := checkURL(s.Issuer); err != nil {
		return nil, fmt.Errorf("the issuer: %w", err)
	}
	client := &http.Client{Timeout: issuerTimeout}
	if s.KeysURL == "" {
		var err error
		if s.KeysURL, err = discover(ctx, client, s.Issuer); err != nil {
			return nil, fmt.Errorf("read the issuer's configuration: %w", err)
		}
	}
	if err := checkURL(s.KeysURL); err != nil {
		return nil, fmt.Errorf("the issuer's keys: %w", err)
	}
	mustAnswer := false
	keys, err := keyfunc.NewDefaultOverrideCtx(ctx, []string{s.KeysURL}, keyfunc.Override{
		Client: client, HTTPTimeout: issuerTimeout, NoErrorReturnFirstHTTPReq: &mustAnswer,
		// Tokens with unknown keys are not verified yet, so the refreshes for them are limited.
		RefreshUnknownKID: rate.NewLimiter(rate.Every(refreshInterval), 1), RateLimitWaitMax: time.Second,
		RefreshErrorHandlerFunc: func(string) func(context.Context, error) {
			return func(ctx context.Context, err error) {
				log.ErrorContext(ctx, "cannot read the issuer's keys", "error", err)
			}
		},
	})
	if err != nil {
		return nil, fmt.Errorf("read the issuer's keys: %w", err)
	}
	keys, err = keyfunc.New(keyfunc.Options{Ctx: ctx, Storage: keys.Storage(), UseWhitelist: signingUses})
	return &Issuer{s, keys}, err
}

// signingUses are the values of a key's member use with which it verifies tokens; the member may be missing.
var signingUses = []jwkset.USE{jwkset.UseSig, ""}

// checkURL returns an error for an invalid URL, and for http to another host than this machine.
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

// discover returns the URL of the JWK Set in the configuration of an issuer (OpenID Connect Discovery 1.0, section 4).
func discover(ctx context.Context, client *http.Client, issuer string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration", nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", request.URL, response.Status)
	}
	var found struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxDiscovery)).Decode(&found); err != nil {
		return "", fmt.Errorf("%s: %w", request.URL, err)
	}
	if found.Issuer != issuer {
		return "", fmt.Errorf("%s is the configuration of issuer %q: want the issuer in exactly this spelling", request.URL, found.Issuer)
	}
	return found.KeysURL, nil
}
