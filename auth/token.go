package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"

	"usagegraph/db"
)

const (
	// leeway is the tolerated difference between the issuer's clock and ours.
	leeway = time.Minute
	// maxCustomers is the maximum number of customers in a token.
	maxCustomers = 100
	// everyCustomer in the list of customers stands for all customers, and for records without a customer.
	everyCustomer = "*"
)

// algorithms are the accepted signature algorithms. Only asymmetric ones are: with HMAC, the public key could sign
// tokens.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// identify returns the identity of a token and the time until which it is valid. It returns a Refusal for an invalid
// token.
func (i *Issuer) identify(ctx context.Context, store *db.Store, token string, clock func() time.Time) (Identity, time.Time, error) {
	parser := jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithIssuer(i.settings.Issuer), jwt.WithAudience(i.settings.Audience),
		jwt.WithLeeway(leeway), jwt.WithExpirationRequired(), jwt.WithTimeFunc(clock))
	claims := jwt.MapClaims{}
	if _, err := parser.ParseWithClaims(token, claims, i.verificationKey(ctx)); err != nil {
		return Identity{}, time.Time{}, invalidCredentials()
	}
	subject, err := claims.GetSubject()
	expires, expiresErr := claims.GetExpirationTime()
	if err != nil || expiresErr != nil || subject == "" {
		return Identity{}, time.Time{}, invalidCredentials()
	}
	scope, err := i.scope(ctx, store, claims)
	return Identity{ClientID: "jwt:" + subject, Name: subject, Scope: scope}, expires.Add(leeway), err
}

// verificationKey returns a function that finds the keys for a token. The header crit names extensions that must be
// understood, b64 is one of them (RFC 7515, RFC 7797): tokens with either are refused.
func (i *Issuer) verificationKey(ctx context.Context) jwt.Keyfunc {
	return func(token *jwt.Token) (any, error) {
		for _, extension := range []string{"crit", "b64"} {
			if _, ok := token.Header[extension]; ok {
				return nil, fmt.Errorf("the header %s is not supported", extension)
			}
		}
		if _, ok := token.Header[jwkset.HeaderKID]; ok {
			return i.keys.KeyfuncCtx(ctx)(token)
		}
		return i.signingKeys(ctx)
	}
}

// signingKeys returns the keys of the issuer that are not for encryption, for a token without a key's id.
func (i *Issuer) signingKeys(ctx context.Context) (set jwt.VerificationKeySet, err error) {
	all, err := i.keys.Storage().KeyReadAll(ctx)
	for _, key := range all {
		if slices.Contains(signingUses, key.Marshal().USE) {
			set.Keys = append(set.Keys, key.Key())
		}
	}
	return set, err
}

// scope returns the scope of a token's claims. Customers are listed as system:id, or by their global IDs. Invalid
// and unknown customers are ignored; without a valid claim the scope contains no customers. It returns an Unavailable error
// during an outage: a scope without some of its customers would be cached.
func (i *Issuer) scope(ctx context.Context, store *db.Store, claims jwt.MapClaims) (db.Scope, error) {
	names := stringList(claims[i.settings.CustomersClaim])
	if len(names) > maxCustomers {
		return db.Scope{}, invalidCredentials()
	}
	cost, _ := claims[i.settings.CostClaim].(bool)
	if slices.Contains(names, everyCustomer) {
		return db.All().WithCost(cost), nil
	}
	customers, err := customersByName(ctx, store, names)
	return db.Only(customers...).WithCost(cost), err
}

// customersByName returns the ids of the customers with these names. Invalid and unknown ones are ignored.
func customersByName(ctx context.Context, store *db.Store, names []string) ([]int64, error) {
	var customers []int64
	for _, name := range names {
		id, err := customerByName(ctx, store, name)
		var dbError *db.Error
		switch {
		case err == nil:
			customers = append(customers, id)
		case !errors.As(err, &dbError) || dbError.Code != db.NotFound && dbError.Code != db.BadInput:
			return nil, err
		}
	}
	return customers, nil
}

// stringList returns the strings of a claim that is a string or a list. It ignores other values.
func stringList(claim any) []string {
	switch claim := claim.(type) {
	case string:
		return []string{claim}
	case []any:
		var list []string
		for _, one := range claim {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
		return list
	}
	return nil
}

// customerByName returns the id of a customer by system:id or global ID. It returns a db.Error for an invalid or
// unknown name.
func customerByName(ctx context.Context, store *db.Store, name string) (int64, error) {
	if id, err := db.ParseID(name); err == nil && id.Type == db.TypeCustomer {
		keys, err := store.For(db.All()).NodeKeys(ctx, []db.ID{id})
		if key, ok := keys[id]; ok || err != nil {
			return key.CustomerID, err
		}
		return 0, db.Errorf(db.NotFound, "customer not found")
	}
	id, err := db.ParseCustomerID(name)
	if err != nil {
		return 0, err
	}
	customer, err := store.For(db.All()).Customer(ctx, db.AllColumns, db.CustomerBy{SourceID: &id})
	if err != nil {
		return 0, err
	}
	return customer.CustomerID, nil
}
