package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// testClock is a clock that stands still until advance is called.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *testClock { return &testClock{at: dbtest.Clock()} }

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// addClient stores a client and returns its secret.
func addClient(t *testing.T, store *db.Store, c *db.Client) string {
	t.Helper()
	secret := auth.NewClient(c)
	if err := store.AddClient(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return secret
}

// headers are the credential headers of legacy systems.
var headers = []auth.Headers{{Secret: "stn-api-key"}, {ID: "client_id", Secret: "client_secret"}}

// request returns a request from an address; headers has names and values in turn.
func request(address string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if address != "" {
		r.RemoteAddr = address
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// status returns the HTTP status for an error of Identify.
func status(err error) int {
	var refusal *auth.Refusal
	switch {
	case err == nil:
		return http.StatusOK
	case errors.As(err, &refusal):
		return refusal.Status()
	}
	return http.StatusInternalServerError
}

func TestCredentialsAreAcceptedInOneHeader(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a := auth.New(store, auth.Settings{Headers: headers, Clock: newClock().now})
		shop, other := &db.Client{Name: "shop"}, &db.Client{Name: "other"}
		secret, others := addClient(t, store, shop), addClient(t, store, other)
		if !strings.HasPrefix(secret, "usagegraph_") || len(secret) != len("usagegraph_")+43 || strings.Contains(shop.SecretHash, secret) {
			t.Errorf("%d characters", len(secret))
		}
		bearer := "Bearer " + secret
		for i, test := range []struct {
			name    string
			headers []string
			status  int
		}{
			{"bearer", []string{"Authorization", bearer}, 200},
			{"bearer in small letters", []string{"authorization", "bearer " + secret}, 200},
			{"stn-api-key", []string{"stn-api-key", secret}, 200},
			{"id and secret", []string{"client_id", shop.ID, "client_secret", secret}, 200},
			{"no credentials", nil, 401},
			{"the id of another client", []string{"client_id", other.ID, "client_secret", secret}, 401},
			{"the secret of another client", []string{"client_id", shop.ID, "client_secret", others}, 401},
			{"no id", []string{"client_secret", secret}, 401},
			{"no secret", []string{"client_id", shop.ID}, 401},
			{"an empty id", []string{"client_id", "", "client_secret", secret}, 200},
			{"an empty secret", []string{"client_id", shop.ID, "client_secret", ""}, 401},
			{"an empty token", []string{"Authorization", "Bearer "}, 401},
			{"the hash", []string{"stn-api-key", shop.SecretHash}, 401},
			{"the secret cut short", []string{"stn-api-key", secret[:len(secret)-1]}, 401},
			{"the secret in capitals", []string{"stn-api-key", strings.ToUpper(secret)}, 401},
			{"another scheme", []string{"Authorization", "Basic " + secret}, 401},
			{"no scheme", []string{"Authorization", secret}, 401},
			{"repeated", []string{"Authorization", bearer, "Authorization", bearer}, 401},
			{"a repeated key", []string{"stn-api-key", secret, "stn-api-key", secret}, 401},
			{"two headers", []string{"Authorization", bearer, "stn-api-key", secret}, 401},
			{"three headers", []string{"Authorization", bearer, "client_id", shop.ID, "client_secret", secret}, 401},
			{"a valid and an invalid one", []string{"Authorization", bearer, "stn-api-key", "x"}, 401},
			{"too long", []string{"Authorization", "Bearer " + strings.Repeat("x", 20_000)}, 401},
			{"not UTF-8", []string{"Authorization", "Bearer \xff\x00"}, 401},
		} {
			identity, err := a.Identify(request(fmt.Sprintf("192.0.2.%d:1", i), test.headers...))
			if status(err) != test.status {
				t.Errorf("%s: %v", test.name, err)
			}
			if err == nil && (identity.ClientID != shop.ID || identity.Name != "shop") {
				t.Errorf("%s is %v", test.name, identity)
			}
			if err != nil && (strings.Contains(err.Error(), secret) || identity.ClientID != "") {
				t.Errorf("%s: %v", test.name, err)
			}
		}
	})
}

func TestExpiredRevokedAndUnknownClientsAreRefusedAlike(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		clock := newClock()
		a := auth.New(store, auth.Settings{Headers: headers, Clock: clock.now})
		soon := db.TimeOf(dbtest.Clock().Add(time.Second))
		expiring, revoked := addClient(t, store, &db.Client{Name: "expiring", ExpiresAt: &soon}), &db.Client{Name: "revoked"}
		revokedSecret := addClient(t, store, revoked)
		identify := func(secret string) error {
			_, err := a.Identify(request("", "stn-api-key", secret))
			return err
		}
		if err := errors.Join(identify(expiring), identify(revokedSecret)); err != nil {
			t.Fatal(err)
		}
		if err := store.RevokeClient(t.Context(), revoked.ID); err != nil {
			t.Fatal(err)
		}
		clock.advance(time.Second)
		if err := identify(expiring); status(err) != 401 {
			t.Errorf("expired just now: %v", err)
		}
		clock.advance(3 * time.Second)
		unknown := identify("usagegraph_unknown")
		for name, secret := range map[string]string{"expired": expiring, "revoked": revokedSecret} {
			if err := identify(secret); err == nil || status(err) != 401 || err.Error() != unknown.Error() {
				t.Errorf("%s: %v, not %v", name, err, unknown)
			}
		}
	})
}

func TestAuthenticationIsOffUntilTheFirstClient(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		clock := newClock()
		a := auth.New(store, auth.Settings{Headers: headers, Clock: clock.now})
		closed := auth.New(store, auth.Settings{Headers: headers, Clock: clock.now, Closed: true})
		identity, err := a.Identify(request("", "client_id", "any", "client_secret", "thing"))
		if err != nil || identity.ClientID != "" {
			t.Fatalf("%v, %v", identity, err)
		}
		if _, err := closed.Identify(request("")); status(err) != 401 {
			t.Errorf("closed: %v", err)
		}
		client := &db.Client{Name: "first"}
		addClient(t, store, client)
		if err := store.RevokeClient(t.Context(), client.ID); err != nil {
			t.Fatal(err)
		}
		clock.advance(3 * time.Second)
		if _, err := a.Identify(request("")); status(err) != 401 {
			t.Errorf("after the first client is created and revoked: %v", err)
		}
	})
}

func TestUnavailableDatabaseIsAnError(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, settings := range map[string]auth.Settings{"open": {Headers: headers}, "closed": {Headers: headers, Closed: true}} {
		if _, err := auth.New(store, settings).Identify(request("", "stn-api-key", "usagegraph_x")); status(err) != 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConcurrentRequestsShareOneLookUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a := auth.New(store, auth.Settings{Headers: headers, Closed: true})
		secret := addClient(t, store, &db.Client{Name: "shop"})
		var wait sync.WaitGroup
		for i := range 100 {
			wait.Go(func() {
				want := 200
				r := request(fmt.Sprintf("192.0.2.%d:1", i), "stn-api-key", secret)
				if i%2 == 0 {
					want = 401
					r = request(fmt.Sprintf("192.0.2.%d:1", i), "stn-api-key", "invalid")
				}
				if _, err := a.Identify(r); status(err) != want {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wait.Wait()
	})
}
