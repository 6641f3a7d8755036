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

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: dbtest.Clock()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// add stores a client and returns his secret.
func add(t *testing.T, store *db.Store, c *db.Client) string {
	t.Helper()
	secret := auth.NewClient(c)
	if err := store.AddClient(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	return secret
}

// headers are those of the legacy systems whose clients send credentials in headers of their own.
var headers = []auth.Headers{{Secret: "stn-api-key"}, {ID: "client_id", Secret: "client_secret"}}

// request has headers, given as name and value in turn, and comes from an address.
func request(from string, headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if from != "" {
		r.RemoteAddr = from
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

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

func TestAClientIsKnownByAnyOfTheWaysAndByOneAtATime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a := auth.New(store, auth.Settings{Headers: headers, Clock: newClock().now})
		shop, other := &db.Client{Name: "shop"}, &db.Client{Name: "other"}
		secret, others := add(t, store, shop), add(t, store, other)
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
			{"sTN's key", []string{"stn-api-key", secret}, 200},
			{"id and secret", []string{"client_id", shop.ID, "client_secret", secret}, 200},
			{"nothing", nil, 401},
			{"another's id", []string{"client_id", other.ID, "client_secret", secret}, 401},
			{"another's secret", []string{"client_id", shop.ID, "client_secret", others}, 401},
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
			{"twice", []string{"Authorization", bearer, "Authorization", bearer}, 401},
			{"a key twice", []string{"stn-api-key", secret, "stn-api-key", secret}, 401},
			{"two ways", []string{"Authorization", bearer, "stn-api-key", secret}, 401},
			{"all ways", []string{"Authorization", bearer, "client_id", shop.ID, "client_secret", secret}, 401},
			{"one good and one bad", []string{"Authorization", bearer, "stn-api-key", "x"}, 401},
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

func TestOneWhoIsNoLongerAClientIsAnsweredAsOneWhoNeverWas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		now := newClock()
		a := auth.New(store, auth.Settings{Headers: headers, Clock: now.now})
		soon := db.TimeOf(dbtest.Clock().Add(time.Second))
		expiring, revoked := add(t, store, &db.Client{Name: "expiring", ExpiresAt: &soon}), &db.Client{Name: "revoked"}
		gone := add(t, store, revoked)
		ask := func(secret string) error {
			_, err := a.Identify(request("", "stn-api-key", secret))
			return err
		}
		if err := errors.Join(ask(expiring), ask(gone)); err != nil {
			t.Fatal(err)
		}
		if err := store.RevokeClient(t.Context(), revoked.ID); err != nil {
			t.Fatal(err)
		}
		now.pass(time.Second)
		if err := ask(expiring); status(err) != 401 {
			t.Errorf("one who has expired just now: %v", err)
		}
		now.pass(3 * time.Second)
		never := ask("usagegraph_nobody")
		for name, secret := range map[string]string{"expired": expiring, "revoked": gone} {
			if err := ask(secret); err == nil || status(err) != 401 || err.Error() != never.Error() {
				t.Errorf("%s: %v, not %v", name, err, never)
			}
		}
	})
}

func TestAServerIsOpenUntilThereIsAClientAndNeverAfter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		now := newClock()
		a := auth.New(store, auth.Settings{Headers: headers, Clock: now.now})
		closed := auth.New(store, auth.Settings{Headers: headers, Clock: now.now, Closed: true})
		identity, err := a.Identify(request("", "client_id", "any", "client_secret", "thing"))
		if err != nil || identity.ClientID != "" {
			t.Fatalf("%v, %v", identity, err)
		}
		if _, err := closed.Identify(request("")); status(err) != 401 {
			t.Errorf("closed: %v", err)
		}
		client := &db.Client{Name: "first"}
		add(t, store, client)
		if err := store.RevokeClient(t.Context(), client.ID); err != nil {
			t.Fatal(err)
		}
		now.pass(3 * time.Second)
		if _, err := a.Identify(request("")); status(err) != 401 {
			t.Errorf("after the first client, who is revoked: %v", err)
		}
	})
}

func TestADatabaseThatIsAwayIsNeverOpen(t *testing.T) {
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
	for name, settings := range map[string]auth.Settings{"open so far": {Headers: headers}, "closed": {Headers: headers, Closed: true}} {
		if _, err := auth.New(store, settings).Identify(request("", "stn-api-key", "usagegraph_x")); status(err) != 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestABadCredentialIsLookedUpOnceAndAnAddressThatFailsWaits(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := newClock()
	a := auth.New(store, auth.Settings{Headers: headers, Clock: now.now})
	good := add(t, store, &db.Client{Name: "good", SeesEveryone: true})
	ask := func(from, secret string) error {
		_, err := a.Identify(request(from, "stn-api-key", secret))
		return err
	}
	if err := errors.Join(ask("192.0.2.1:1", good), ask("[2001:db8::1]:1", good)); err != nil {
		t.Fatal(err)
	}
	if err := ask("192.0.2.1:1", "bad"); status(err) != 401 {
		t.Fatal(err)
	}
	// What is remembered needs no database.
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	for range 9 {
		if err := ask("192.0.2.1:2", "bad"); status(err) != 401 {
			t.Errorf("again: %v", err)
		}
	}
	var refusal *auth.Refusal
	if err := ask("192.0.2.1:3", "bad"); status(err) != 429 || !errors.As(err, &refusal) || refusal.RetryAfter <= 0 || refusal.RetryAfter > 6*time.Second {
		t.Errorf("the eleventh: %v, %v", err, refusal)
	}
	if err := ask("192.0.2.1:4", "bad as well"); status(err) != 429 {
		t.Errorf("an unknown one from an address that waits reaches the database: %v", err)
	}
	for name, from := range map[string]string{"the address that waits": "192.0.2.1:5", "another": "192.0.2.2:1"} {
		if err := ask(from, good); err != nil {
			t.Errorf("a good one from %s: %v", name, err)
		}
	}
	if err := ask("192.0.2.2:1", "bad"); status(err) != 401 {
		t.Errorf("another address: %v", err)
	}
	for i := range 10 {
		if err := ask(fmt.Sprintf("[2001:db8::%x]:1", i), "bad"); status(err) != 401 {
			t.Errorf("%d: %v", i, err)
		}
	}
	if err := ask("[2001:db8::ffff]:1", "bad"); status(err) != 429 {
		t.Errorf("addresses of one network count apart: %v", err)
	}
	now.pass(2 * time.Second)
	if err := ask("192.0.2.1:6", "bad"); status(err) != 429 {
		t.Errorf("too soon: %v", err)
	}
	now.pass(4 * time.Second)
	if err := ask("192.0.2.1:6", "bad"); status(err) == 429 {
		t.Errorf("after the wait: %v", err)
	}
}

func TestThoseWhoAskAtOnceShareOneLookUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		a := auth.New(store, auth.Settings{Headers: headers, Closed: true})
		secret := add(t, store, &db.Client{Name: "shop"})
		var wait sync.WaitGroup
		for i := range 100 {
			wait.Go(func() {
				want := 200
				r := request(fmt.Sprintf("192.0.2.%d:1", i), "stn-api-key", secret)
				if i%2 == 0 {
					want = 401
					r = request(fmt.Sprintf("192.0.2.%d:1", i), "stn-api-key", "bad")
				}
				if _, err := a.Identify(r); status(err) != want {
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wait.Wait()
	})
}

func TestTheContextSaysWhoAsks(t *testing.T) {
	t.Parallel()
	refused := errors.New("no")
	for name, identify := range map[string]func(*http.Request) (auth.Identity, error){
		"client": func(*http.Request) (auth.Identity, error) { return auth.Identity{ClientID: "client"}, nil },
		"":       func(*http.Request) (auth.Identity, error) { return auth.Identity{ClientID: "x"}, refused },
	} {
		auth.Middleware(identify, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if got := auth.ClientID(r.Context()); got != name {
				t.Errorf("%q, not %q", got, name)
			}
			if _, err := auth.Scope(r); (err != nil) != (name == "") {
				t.Errorf("%q: %v", name, err)
			}
		})).ServeHTTP(httptest.NewRecorder(), request(""))
	}
	if _, err := auth.Scope(request("")); err == nil {
		t.Error("a request that nobody has identified has a scope")
	}
}
