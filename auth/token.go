package auth

import (
	"context"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/db"
)

const (
	// skew is how far the issuer's clock may be from ours.
	skew = time.Minute
	// maxCustomers is how many customers a token may name.
	maxCustomers = 100
	// everyCustomer in place of customers means all of them, and what belongs to nobody yet.
	everyCustomer = "*"
)

// algorithms are those that tokens may be signed by: asymmetric ones, so that a public key makes no token.
var algorithms = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// identify finds out who bears a token, and until when it holds. It returns a Refusal for one that is no good.
func (i *Issuer) identify(ctx context.Context, store *db.Store, token string, clock func() time.Time) (Identity, time.Time, error) {
	parser := jwt.NewParser(jwt.WithValidMethods(algorithms), jwt.WithIssuer(i.settings.Issuer), jwt.WithAudience(i.settings.Audience),
		jwt.WithLeeway(skew), jwt.WithExpirationRequired(), jwt.WithTimeFunc(clock))
	claims := jwt.MapClaims{}
	if _, err := parser.ParseWithClaims(token, claims, i.keys.KeyfuncCtx(ctx)); err != nil {
		return Identity{}, time.Time{}, unauthenticated()
	}
	subject, err := claims.GetSubject()
	expires, expiresErr := claims.GetExpirationTime()
	if err != nil || expiresErr != nil || subject == "" {
		return Identity{}, time.Time{}, unauthenticated()
	}
	scope, err := i.scope(ctx, store, claims)
	return Identity{ClientID: "jwt:" + subject, Name: subject, Scope: scope}, expires.Add(skew), err
}

// scope returns what a token's claims let its bearer see. Customers are named as system:id, or by their global ids; who
// is not known is nobody, and so is a claim that is missing or is no list of names.
func (i *Issuer) scope(ctx context.Context, store *db.Store, claims jwt.MapClaims) (db.Scope, error) {
	names := texts(claims[i.settings.CustomersClaim])
	if len(names) > maxCustomers {
		return db.Scope{}, unauthenticated()
	}
	cost, _ := claims[i.settings.CostClaim].(bool)
	var customers []int64
	for _, name := range names {
		if name == everyCustomer {
			return db.All().WithCost(cost), nil
		}
		id, err := customerNamed(ctx, store, name)
		var none *db.Error
		switch {
		case err == nil:
			customers = append(customers, id)
		case !errors.As(err, &none):
			return db.Scope{}, err
		}
	}
	return db.Only(customers...).WithCost(cost), nil
}

// texts returns a claim that is a text or a list of texts; what is neither is left out.
func texts(claim any) []string {
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

// customerNamed returns the id of a customer by one of his names. It returns an error of db for one that is none.
func customerNamed(ctx context.Context, store *db.Store, name string) (int64, error) {
	if id, err := db.ParseID(name); err == nil && id.Type == db.TypeCustomer {
		keys, err := store.For(db.All()).NodeKeys(ctx, []db.ID{id})
		if key, ok := keys[id]; ok || err != nil {
			return key.CustomerID, err
		}
		return 0, db.Errorf(db.NotFound, "no customer has this id")
	}
	id, err := db.ParseCustomerID(name)
	if err != nil {
		return 0, err
	}
	customer, err := store.For(db.All()).Customer(ctx, db.CustomerBy{SourceID: &id})
	if err != nil {
		return 0, err
	}
	return customer.CustomerID, nil
}
