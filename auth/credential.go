package auth

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
)

// credential is what a request shows of who it is from. The zero value is nothing.
type credential struct {
	// clientID is what the header client_id says; empty where the secret alone has to do.
	clientID string
	secret   string
	// bearer tells that the secret may be a JWT.
	bearer bool
}

// maxCredential is how long a credential may be, in bytes; a JWT with many claims has a few thousand.
const maxCredential = 16 << 10

// Headers names the request headers in which a legacy system's clients send their credentials.
type Headers struct {
	// ID is the header with the client's id; empty where the secret alone identifies the client.
	ID string
	// Secret is the header with the client's secret.
	Secret string
}

// String returns the names of the headers.
func (h Headers) String() string {
	if h.ID == "" {
		return h.Secret
	}
	return h.ID + " and " + h.Secret
}

// bearer is the header of a bearer token (RFC 6750), which every surface accepts.
var bearer = Headers{Secret: "Authorization"}

// credentialOf returns the one credential of a request: Authorization: Bearer, or the headers of a legacy system. It
// returns the zero credential for a request without one, and a Refusal for a credential that is given twice, in two ways,
// in half, or with another scheme.
func credentialOf(r *http.Request, systems []Headers) (credential, error) {
	var given []Headers
	for _, h := range append([]Headers{bearer}, systems...) {
		if len(r.Header.Values(h.Secret)) > 0 || h.ID != "" && len(r.Header.Values(h.ID)) > 0 {
			given = append(given, h)
		}
	}
	switch {
	case len(given) == 0:
		return credential{}, nil
	case len(given) > 1:
		return credential{}, &Refusal{Message: "credentials are given in two ways: give one"}
	}
	headers, c := given[0], credential{}
	var err error
	if headers.ID != "" {
		if c.clientID, err = headers.read(r, headers.ID); err != nil {
			return credential{}, err
		}
	}
	if c.secret, err = headers.read(r, headers.Secret); err != nil {
		return credential{}, err
	}
	if headers == bearer {
		scheme, token, _ := strings.Cut(c.secret, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return credential{}, &Refusal{Message: "Authorization: want Bearer and a token"}
		}
		c.secret, c.bearer = strings.TrimSpace(token), true
	}
	if c.secret == "" {
		return credential{}, &Refusal{Message: "the credentials are empty"}
	}
	return c, nil
}

// read returns the value of one of the headers.
func (h Headers) read(r *http.Request, name string) (string, error) {
	switch values := r.Header.Values(name); {
	case len(values) == 0:
		return "", &Refusal{Message: h.String() + " belong together"}
	case len(values) > 1:
		return "", &Refusal{Message: name + ": given more than once"}
	case len(values[0]) > maxCredential:
		return "", &Refusal{Message: name + ": too long for a credential"}
	default:
		return values[0], nil
	}
}

// key names the credential in a cache, which is to hold no secrets.
func (c credential) key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%t %q %q", c.bearer, c.clientID, c.secret)
	return string(h.Sum(nil))
}
