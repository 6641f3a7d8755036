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

// headers are where a credential may stand: one of them, or the last two together.
var headers = []string{"Authorization", "stn-api-key", "client_id", "client_secret"}

// credentialOf reads the one credential that a request has. It returns a Refusal for one that is given twice or in two
// ways, that is a half, or that is of another scheme.
func credentialOf(r *http.Request) (credential, error) {
	given := map[string]string{}
	for _, name := range headers {
		switch values := r.Header.Values(name); {
		case len(values) > 1:
			return credential{}, &Refusal{Message: name + ": given more than once"}
		case len(values) == 1 && len(values[0]) > maxCredential:
			return credential{}, &Refusal{Message: name + ": too long for a credential"}
		case len(values) == 1:
			given[name] = values[0]
		}
	}
	_, hasID := given["client_id"]
	_, hasSecret := given["client_secret"]
	switch {
	case len(given) == 0:
		return credential{}, nil
	case hasID && hasSecret && len(given) == 2:
		return credential{clientID: given["client_id"], secret: given["client_secret"]}.whole()
	case len(given) > 1:
		return credential{}, &Refusal{Message: "credentials are given in two ways: give one"}
	case hasID || hasSecret:
		return credential{}, &Refusal{Message: "client_id and client_secret belong together"}
	}
	if key, ok := given["stn-api-key"]; ok {
		return credential{secret: key}.whole()
	}
	scheme, token, _ := strings.Cut(given["Authorization"], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return credential{}, &Refusal{Message: "Authorization: want Bearer and a token"}
	}
	return credential{secret: strings.TrimSpace(token), bearer: true}.whole()
}

// whole refuses a credential that has nothing in it.
func (c credential) whole() (credential, error) {
	if c.secret == "" {
		return credential{}, &Refusal{Message: "the credentials are empty"}
	}
	return c, nil
}

// key names the credential in a cache, which is to hold no secrets.
func (c credential) key() string {
	h := sha256.New()
	fmt.Fprintf(h, "%t %q %q", c.bearer, c.clientID, c.secret)
	return string(h.Sum(nil))
}
