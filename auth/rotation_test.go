package auth_test

import (
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestSecretBeforeARotationEndsAfterTheOverlap(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		f := newTokens(t, url)
		expires := db.TimeOf(f.clock.now().Add(48 * time.Hour))
		client := &db.Client{Name: "shop", ExpiresAt: &expires}
		first := addClient(t, f.store, client)
		want := func(name, secret string, wanted int) {
			t.Helper()
			f.clock.advance(3 * time.Second)
			identity, err := f.Identify(request("", "client_id", client.ID, "client_secret", secret))
			if code := status(err); code != wanted || wanted == 200 && identity.ClientID != client.ID {
				t.Errorf("%s: %d, %+v, want %d", name, code, identity, wanted)
			}
		}
		rotate := func(overlap time.Duration) string {
			t.Helper()
			secret, hash := auth.NewSecret()
			if err := f.store.RotateClient(t.Context(), client.ID, hash, overlap); err != nil {
				t.Fatal(err)
			}
			return secret
		}
		second := rotate(time.Hour)
		want("the first in the overlap", first, 200)
		want("the second in the overlap", second, 200)
		f.clock.advance(time.Hour - 7*time.Second)
		if _, err := f.Identify(request("", "stn-api-key", first)); err != nil {
			t.Errorf("just before the end: %v", err)
		}
		f.clock.advance(time.Second) // the cached result ends, too
		if _, err := f.Identify(request("", "stn-api-key", first)); status(err) != 401 {
			t.Errorf("at the end: %v", err)
		}
		want("the second after it", second, 200)
		third := rotate(time.Hour)
		want("the first after two rotations", first, 401)
		want("the second", second, 200)
		fourth := rotate(0)
		want("the third without an overlap", third, 401)
		want("the fourth", fourth, 200)
		f.clock.advance(48 * time.Hour)
		want("the client is expired", fourth, 401)
		if err := f.store.RotateClient(t.Context(), client.ID, "x", 0); err == nil {
			t.Error("an expired client has a new secret")
		}
		if err := f.store.RotateClient(t.Context(), "nobody", "x", 0); err == nil {
			t.Error("no client has a new secret")
		}
	})
}
