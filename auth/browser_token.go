package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"usagegraph/db"
)

const (
	// tokenPrefix is the prefix of every browser token, so that it is taken neither for a secret nor for a token of an issuer.
	tokenPrefix = "usagegraph."
	// browserIssuer is the claim iss of browser tokens.
	browserIssuer = "usagegraph"
)

// signature is the algorithm of browser tokens. The key is known to this server alone.
var signature = jwt.SigningMethodHS256

// BrowserToken is a signed bearer credential for a web page: it shows records of some customers of a client for a limited
// time.
type BrowserToken struct {
	Text      string
	ExpiresAt db.Time
}

// browserClaims are the claims of a browser token. The subject is the id of the client that made it.
type browserClaims struct {
	Customers []string `json:"customers"`
	jwt.RegisteredClaims
}

// NewBrowserToken returns a token of a client, with which a page can read records of these customers for a lifetime of up
// to db.MaxTokenLifetime, without costs. Customers are named as system:id, or by their global IDs. It returns a BadInput
// error for another lifetime or number of customers, and a NotFound error for a client that is not valid, and for a
// customer that does not exist or is not in the scope of the client.
func (a *Authenticator) NewBrowserToken(ctx context.Context, clientID string, customers []string, lifetime time.Duration) (BrowserToken, error) {
	if len(customers) == 0 || len(customers) > maxCustomers {
		return BrowserToken{}, db.Errorf(db.BadInput, "customers: want 1 to %d, such as elevate:17", maxCustomers)
	}
	if lifetime < time.Second || lifetime > db.MaxTokenLifetime {
		return BrowserToken{}, db.Errorf(db.BadInput, "the lifetime: want 1 second to %.0f hours", db.MaxTokenLifetime.Hours())
	}
	made := a.clock().Truncate(time.Second)
	client, err := a.store.Client(ctx, clientID)
	if err != nil {
		return BrowserToken{}, err
	}
	if !client.Valid(db.TimeOf(made)) {
		return BrowserToken{}, db.Errorf(db.NotFound, "the client is revoked or expired")
	}
	if err := a.checkCustomers(ctx, client.Scope(), customers); err != nil {
		return BrowserToken{}, err
	}
	key, err := a.store.SigningKey(ctx, NewTokenKey)
	if err != nil {
		return BrowserToken{}, err
	}
	expires := made.Add(lifetime.Truncate(time.Second))
	if until := expiryOf(client); !until.IsZero() && until.Before(expires) {
		expires = until
	}
	token := jwt.NewWithClaims(signature, browserClaims{customers, jwt.RegisteredClaims{
		Issuer: browserIssuer, Subject: client.ID, IssuedAt: jwt.NewNumericDate(made), ExpiresAt: jwt.NewNumericDate(expires),
	}})
	token.Header[jwkset.HeaderKID] = key.ID
	secret, err := base64.StdEncoding.DecodeString(key.Secret)
	if err != nil {
		return BrowserToken{}, err
	}
	text, err := token.SignedString(secret)
	return BrowserToken{tokenPrefix + text, db.TimeOf(expires)}, err
}

// checkCustomers returns a NotFound error unless these customers exist in the scope.
func (a *Authenticator) checkCustomers(ctx context.Context, scope db.Scope, customers []string) error {
	for _, name := range customers {
		id, err := customerByName(ctx, a.store, name)
		var known *db.Error
		switch {
		case err == nil && scope.Includes(id):
		case err == nil, errors.As(err, &known) && known.Code == db.NotFound:
			return db.Errorf(db.NotFound, "customer %s not found", name)
		case errors.As(err, &known) && known.Code == db.BadInput:
			return db.Errorf(db.BadInput, "customer %q: %s", name, known.Message)
		default:
			return err
		}
	}
	return nil
}

// NewTokenKey returns a new key for browser tokens: 256 random bits.
func NewTokenKey() *db.TokenKey {
	var bits [32]byte
	rand.Read(bits[:])
	return &db.TokenKey{ID: strings.ToLower(rand.Text()[:16]), Secret: base64.StdEncoding.EncodeToString(bits[:])}
}

// isBrowserToken reports whether a bearer token is a browser token.
func isBrowserToken(text string) bool { return strings.HasPrefix(text, tokenPrefix) }

// browserToken returns the identity of a browser token and the time until which it is valid: that of its client, with
// those of the customers of the token that are in the scope of the client now, and without the rights to import and to
// make tokens. It returns a Refusal for an invalid token, and for a client that is revoked or expired.
func (a *Authenticator) browserToken(ctx context.Context, c credential) (Identity, time.Time, error) {
	claims, err := a.verify(ctx, strings.TrimPrefix(c.secret, tokenPrefix))
	if err != nil {
		return Identity{}, time.Time{}, err
	}
	client, err := a.store.Client(ctx, claims.Subject)
	if err != nil {
		return Identity{}, time.Time{}, refusalOf(err)
	}
	if !client.Valid(db.TimeOf(a.clock())) {
		return Identity{}, time.Time{}, invalidCredentials()
	}
	scope, err := customersByName(ctx, a.store, claims.Customers)
	if err != nil {
		return Identity{}, time.Time{}, err
	}
	expires := claims.ExpiresAt.Time
	if clientExpires := expiryOf(client); !clientExpires.IsZero() && clientExpires.Before(expires) {
		expires = clientExpires
	}
	return Identity{ClientID: client.ID, Name: client.Name, Scope: client.Scope().Narrow(scope...)}, expires, nil
}

// verify returns the claims of a token whose signature and times are valid. It returns a Refusal for another.
func (a *Authenticator) verify(ctx context.Context, text string) (*browserClaims, error) {
	var claims browserClaims
	var key *db.TokenKey
	var unavailable error
	parser := jwt.NewParser(jwt.WithValidMethods([]string{signature.Name}), jwt.WithIssuer(browserIssuer),
		jwt.WithLeeway(leeway), jwt.WithIssuedAt(), jwt.WithExpirationRequired(), jwt.WithTimeFunc(a.clock))
	_, err := parser.ParseWithClaims(text, &claims, func(token *jwt.Token) (any, error) {
		id, _ := token.Header[jwkset.HeaderKID].(string)
		if key, unavailable = a.store.TokenKey(ctx, id); unavailable != nil {
			return nil, unavailable
		}
		return base64.StdEncoding.DecodeString(key.Secret)
	})
	switch {
	case unavailable != nil:
		return nil, refusalOf(unavailable)
	case err != nil, claims.IssuedAt == nil, !a.clock().Before(claims.ExpiresAt.Time), // the leeway is for iat alone
		!key.Verifies(claims.IssuedAt.Time, a.clock()):
		return nil, invalidCredentials()
	}
	return &claims, nil
}
