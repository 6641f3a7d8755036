package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// issuerServer is a server with the configuration and the keys of an issuer.
type issuerServer struct {
	*httptest.Server
	mu   sync.Mutex
	keys map[string]crypto.PublicKey
	// uses has the member use of keys by id; the default is sig.
	uses map[string]string
}

func newIssuerServer(t *testing.T) *issuerServer {
	t.Helper()
	i := &issuerServer{keys: map[string]crypto.PublicKey{}, uses: map[string]string{"encryption": "enc", "unused": ""}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		list := []map[string]string{}
		for id, key := range i.keys {
			one := jwk(id, key)
			if use, ok := i.uses[id]; ok {
				one["use"] = use
			}
			list = append(list, one)
		}
		json.NewEncoder(w).Encode(map[string]any{"keys": list})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuerServer) publish(id string, key crypto.PublicKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys[id] = key
}

// jwk returns a public key as a JSON Web Key (RFC 7517).
func jwk(id string, key crypto.PublicKey) map[string]string {
	text := func(n *big.Int, size int) string {
		return base64.RawURLEncoding.EncodeToString(n.FillBytes(make([]byte, size)))
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return map[string]string{"kid": id, "kty": "RSA", "use": "sig", "n": text(key.N, key.Size()), "e": text(big.NewInt(int64(key.E)), 3)}
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			panic(err)
		}
		return map[string]string{"kid": id, "kty": "EC", "crv": "P-256", "use": "sig", "x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:])}
	}
	return nil
}

// tokenIssuer signs tokens with an RSA and an EC key; auth is an authenticator that accepts them.
type tokenIssuer struct {
	t      *testing.T
	server *issuerServer
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey
	// encryption is the private key of a published key for encryption.
	encryption *ecdsa.PrivateKey
	clock      *testClock
	auth       *auth.Authenticator
}

func newTokenIssuer(t *testing.T, store *db.Store) *tokenIssuer {
	t.Helper()
	issuer := &tokenIssuer{t: t, server: newIssuerServer(t), clock: newClock()}
	var err error
	if issuer.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if issuer.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	issuer.server.publish("rsa", &issuer.rsa.PublicKey)
	issuer.server.publish("ec", &issuer.ec.PublicKey)
	if issuer.encryption, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	issuer.server.publish("encryption", &issuer.encryption.PublicKey)
	issuer.server.publish("unused", &issuer.ec.PublicKey)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	accepted, err := auth.NewIssuer(ctx, auth.IssuerSettings{Issuer: issuer.server.URL, Audience: "usagegraph", CustomersClaim: "customers", CostClaim: "cost"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	issuer.auth = auth.New(store, auth.Settings{Headers: headers, Issuer: accepted, Clock: issuer.clock.now})
	return issuer
}

// claims returns valid claims, some of them changed; nil removes a claim.
func (issuer *tokenIssuer) claims(changed map[string]any) jwt.MapClaims {
	now := issuer.clock.now()
	c := jwt.MapClaims{"iss": issuer.server.URL, "aud": "usagegraph", "sub": "ann", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "customers": "*"}
	for name, value := range changed {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return c
}

func (issuer *tokenIssuer) sign(method jwt.SigningMethod, id string, key any, claims jwt.MapClaims) string {
	issuer.t.Helper()
	return issuer.signWith(nil, method, id, key, claims)
}

// signWith is sign with more members in the token's header.
func (issuer *tokenIssuer) signWith(header map[string]any, method jwt.SigningMethod, id string, key any, claims jwt.MapClaims) string {
	issuer.t.Helper()
	token := jwt.NewWithClaims(method, claims)
	maps.Copy(token.Header, header)
	if id != "" {
		token.Header["kid"] = id
	}
	text, err := token.SignedString(key)
	if err != nil {
		issuer.t.Fatal(err)
	}
	return text
}

// identify sends a token from address n, so that the invalid tokens of a test are not limited.
func (issuer *tokenIssuer) identify(n int, token string) (auth.Identity, error) {
	return issuer.auth.Identify(request("192.0.2."+string(rune('0'+n%10))+":1", "Authorization", "Bearer "+token))
}

func TestNewKeysAreRead(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	issuer := newTokenIssuer(t, store)
	next, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issuer.server.publish("next", &next.PublicKey)
	if _, err := issuer.identify(1, issuer.sign(jwt.SigningMethodES256, "next", next, issuer.claims(nil))); err != nil {
		t.Errorf("a key published after the start: %v", err)
	}
	if _, err := issuer.identify(2, issuer.sign(jwt.SigningMethodES256, "never", next, issuer.claims(nil))); status(err) != 401 {
		t.Errorf("an unknown key: %v", err)
	}
}

func TestInvalidIssuerSettingsAreErrors(t *testing.T) {
	t.Parallel()
	server := newIssuerServer(t)
	for name, s := range map[string]auth.IssuerSettings{
		"no audience":                         {Issuer: server.URL},
		"no URL":                              {Issuer: "login", Audience: "x"},
		"http to another host":                {Issuer: "http://login.example.com", Audience: "x"},
		"keys by http from another host":      {Issuer: server.URL, Audience: "x", KeysURL: "http://login.example.com/keys"},
		"the configuration of another issuer": {Issuer: strings.Replace(server.URL, "127.0.0.1", "localhost", 1), Audience: "x"},
		"no configuration":                    {Issuer: server.URL + "/nowhere", Audience: "x"},
		"no keys":                             {Issuer: server.URL, Audience: "x", KeysURL: server.URL + "/nowhere"},
	} {
		if _, err := auth.NewIssuer(t.Context(), s, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := auth.NewIssuer(t.Context(), auth.IssuerSettings{Issuer: "https://login.example.com/", Audience: "x", KeysURL: server.URL + "/keys"}, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("keys at a URL of their own: %v", err)
	}
}
