package auth_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
)

func TestInvalidCredentialsAreCachedAndLimitedPerAddress(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock := newClock()
	a := auth.New(store, auth.Settings{Headers: headers, Clock: clock.now})
	valid, later := addClient(t, store, &db.Client{Name: "valid", SeesEveryone: true}), addClient(t, store, &db.Client{Name: "later", SeesEveryone: true})
	identify := func(address, secret string) error {
		_, err := a.Identify(request(address, "stn-api-key", secret))
		return err
	}
	if err := errors.Join(identify("192.0.2.1:1", valid), identify("[2001:db8::1]:1", valid)); err != nil {
		t.Fatal(err)
	}
	const invalid = "usagegraph_invalid"
	for range 10 {
		if err := identify("192.0.2.1:2", invalid); status(err) != 401 {
			t.Errorf("one of ten: %v", err)
		}
	}
	var refusal *auth.Refusal
	if err := identify("192.0.2.1:3", invalid); status(err) != 429 || !errors.As(err, &refusal) || refusal.RetryAfter <= 0 || refusal.RetryAfter > 6*time.Second {
		t.Errorf("the eleventh: %v, %v", err, refusal)
	}
	if err := identify("192.0.2.1:4", "another"); status(err) != 429 {
		t.Errorf("another invalid credential of a limited address: %v", err)
	}
	if err := identify("192.0.2.1:4", later); err != nil {
		t.Errorf("a valid credential that is new to the server, from the limited address: %v", err)
	}
	// Cached results, and credentials in another form than a secret, need no database.
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"the limited address": "192.0.2.1:5", "another": "192.0.2.2:1"} {
		if err := identify(address, valid); err != nil {
			t.Errorf("a valid credential from %s: %v", name, err)
		}
	}
	if err := identify("192.0.2.2:1", invalid); status(err) != 401 {
		t.Errorf("another address: %v", err)
	}
	for i := range 10 {
		if err := identify(fmt.Sprintf("[2001:db8::%x]:1", i), "no secret"); status(err) != 401 {
			t.Errorf("%d: %v", i, err)
		}
	}
	if err := identify("[2001:db8::ffff]:1", invalid); status(err) != 429 {
		t.Errorf("addresses of one network are limited separately: %v", err)
	}
	clock.advance(2 * time.Second)
	if err := identify("192.0.2.1:6", invalid); status(err) != 429 {
		t.Errorf("too soon: %v", err)
	}
	clock.advance(4 * time.Second)
	if err := identify("192.0.2.1:6", "no secret"); status(err) != 401 {
		t.Errorf("after the wait: %v", err)
	}
}
