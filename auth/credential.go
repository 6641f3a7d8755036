package auth

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
)

// credential holds the credential of a request; the zero value is none.
type credential struct {
	// clientID is the client id that was sent with the secret, or "".
	clientID string
	secret   string
	// bearer is true for a bearer token, which may be a JWT instead of a client's secret.
	bearer bool
}

// maxCredential is the maximum length of a credential, in bytes. A JWT with many claims has a few thousand.
const maxCredential = 16 << 10

// Headers names the request headers in which the clients of a legacy system send their credentials.
type Headers struct {
	// ID is the header of the client id; it is empty if the system has none.
	ID string
	// Secret is the header of the client's secret.
	Secret string
}

// String returns the names of the headers.
func (h Headers) String() string {
	if h.ID == "" {
		return h.Secret
	}
	return h.ID + " and " + h.Secret
}

// bearerHeaders is the header of a bearer token (RFC 6750), which all APIs accept.
var bearerHeaders = Headers{Secret: "Authorization"}

// credentialOf returns the credential of a request from Authorization: Bearer or from the headers of a legacy system.
// It returns the zero credential if the request has none, and a Refusal for repeated headers, for credentials in the
// headers of two systems, for an id without a secret or a secret without its id, and for another scheme than Bearer.
func credentialOf(r *http.Request, systems []Headers) (credential, error) {
	var sent []Headers
	for _, h := range append([]Headers{bearerHeaders}, systems...) {
		if len(r.Header.Values(h.Secret)) > 0 || h.ID != "" && len(r.Header.Values(h.ID)) > 0 {
			sent = append(sent, h)
		}
	}
	switch {
	case len(sent) == 0:
		return credential{}, nil
	case len(sent) > 1:
		return credential{}, &Refusal{Message: fmt.Sprintf("credentials in %s and in %s: send one of them", sent[0], sent[1])}
	}
	headers, c := sent[0], credential{}
	var err error
	if headers.ID != "" {
		if c.clientID, err = headers.value(r, headers.ID); err != nil {
			return credential{}, err
		}
	}
	if c.secret, err = headers.value(r, headers.Secret); err != nil {
		return credential{}, err
	}
	if headers == bearerHeaders {
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

// value returns the value of one of the headers. It returns a Refusal if the request does not have it exactly once.
func (h Headers) value(r *http.Request, name string) (string, error) {
	switch values := r.Header.Values(name); {
	case len(values) == 0:
		return "", &Refusal{Message: h.String() + ": want both"}
	case len(values) > 1:
		return "", &Refusal{Message: name + ": given more than once"}
	case len(values[0]) > maxCredential:
		return "", &Refusal{Message: fmt.Sprintf("%s: want at most %d bytes", name, maxCredential)}
	default:
		return values[0], nil
	}
}

// cacheKey returns a hash of the credential, so that the caches contain no secrets.
func (c credential) cacheKey() string {
	h := sha256.New()
	fmt.Fprintf(h, "%t %q %q", c.bearer, c.clientID, c.secret)
	return string(h.Sum(nil))
}
