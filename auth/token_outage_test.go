package auth

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestAnOutageRemovesNoCustomerFromTheScopeOfAToken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		issuer := &Issuer{settings: IssuerSettings{CustomersClaim: "customers"}}
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
		defer cancel()
		_, err := issuer.scope(ctx, store, jwt.MapClaims{"customers": []any{"elevate:17"}})
		var dbError *db.Error
		if !errors.As(err, &dbError) || dbError.Code != db.Unavailable {
			t.Errorf("want Unavailable, got %v", err)
		}
		if scope, err := issuer.scope(t.Context(), store, jwt.MapClaims{"customers": []any{"elevate:17", "no id"}}); err != nil || scope.Everyone() {
			t.Errorf("unknown customers: %v, %v", scope, err)
		}
	})
}
