package auth_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// tokens is an authenticator with a client of the customers elevate:1 and elevate:2 of three.
type tokens struct {
	*auth.Authenticator
	t      *testing.T
	clock  *testClock
	store  *db.Store
	client *db.Client
	// customers are the internal ids of elevate:1 to elevate:3.
	customers []int64
}

func newTokens(t *testing.T, url string) *tokens {
	clock := newClock()
	store, err := db.Open(t.Context(), url, db.Options{Clock: clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := &tokens{Authenticator: auth.New(store, auth.Settings{Headers: headers, Clock: clock.now, Closed: true}), t: t, clock: clock, store: store,
		client: &db.Client{Name: "portal", SeesCost: true, MayImport: true}}
	var customers []*db.Customer
	err = store.Write(t.Context(), func(tx *db.Tx) error {
		for _, id := range []string{"1", "2", "3"} {
			customers = append(customers, &db.Customer{CustomerID: tx.NextID(), Source: db.Elevate, SourceID: id})
			f.customers = append(f.customers, customers[len(customers)-1].CustomerID)
		}
		return tx.AddCustomers(t.Context(), customers)
	})
	if err != nil {
		t.Fatal(err)
	}
	auth.NewClient(f.client)
	if err := store.AddClient(t.Context(), f.client, db.SourceID{Source: db.Elevate, Value: "1"}, db.SourceID{Source: db.Elevate, Value: "2"}); err != nil {
		t.Fatal(err)
	}
	return f
}

// token returns a new token for customers.
func (f *tokens) token(lifetime time.Duration, customers ...string) string {
	f.t.Helper()
	token, err := f.NewBrowserToken(f.t.Context(), f.client.ID, customers, lifetime)
	if err != nil {
		f.t.Fatal(err)
	}
	return token.Text
}

// sees returns the status of a token, and which of the customers it sees.
func (f *tokens) sees(token string) (int, []int64) {
	identity, err := f.Identify(request("", "Authorization", "Bearer "+token))
	if err != nil {
		return status(err), nil
	}
	if identity.ClientID != f.client.ID || identity.MayImport || identity.MayMakeTokens || identity.Scope.Staff() || identity.Scope.Everyone() {
		f.t.Errorf("a token is %+v", identity)
	}
	_, err = f.store.For(identity.Scope).UsageRecords(f.t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "COST"}}, Page: db.Page{Limit: 1}})
	if err == nil {
		f.t.Error("a token sees cost")
	}
	var seen []int64
	for i, id := range f.customers {
		if identity.Scope.Includes(id) {
			seen = append(seen, int64(i)+1)
		}
	}
	return 200, seen
}

func (f *tokens) want(name, token string, status int, customers ...int64) {
	f.t.Helper()
	if got, seen := f.sees(token); got != status || !slices.Equal(seen, customers) {
		f.t.Errorf("%s: %d, customers %v, want %d, %v", name, got, seen, status, customers)
	}
}

func TestBrowserTokenSeesItsCustomersUntilItExpires(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		f := newTokens(t, url)
		one, both := f.token(time.Hour, "elevate:1"), f.token(24*time.Hour, "elevate:2", db.CustomerID(db.SourceID{Source: db.Elevate, Value: "1"}).String())
		f.want("one", one, 200, 1)
		f.want("both", both, 200, 1, 2)
		for name, altered := range map[string]string{
			"cut":               one[:len(one)-1],
			"without prefix":    strings.TrimPrefix(one, "usagegraph."),
			"another signature": one[:strings.LastIndex(one, ".")] + both[strings.LastIndex(both, "."):],
			"no signature":      one[:strings.LastIndex(one, ".")+1],
		} {
			f.want(name, altered, 401)
		}
		if _, err := f.Identify(request("", "stn-api-key", one)); status(err) != 401 {
			t.Errorf("in the header of an endpoint: %v", err)
		}
		f.clock.advance(time.Hour - time.Second)
		f.want("just before its end", one, 200, 1)
		f.clock.advance(time.Second)
		f.want("at its end", one, 401)
		f.want("the longer one", both, 200, 1, 2)
		if err := f.store.RevokeClient(t.Context(), f.client.ID); err != nil {
			t.Fatal(err)
		}
		f.clock.advance(3 * time.Second)
		f.want("its client is revoked", both, 401)
	})
}

func TestBrowserTokenIsMadeForCustomersOfTheClientAlone(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		f := newTokens(t, url)
		until := db.TimeOf(f.clock.now().Add(time.Minute))
		brief := &db.Client{Name: "brief", SeesEveryone: true, ExpiresAt: &until}
		addClient(t, f.store, brief)
		for name, test := range map[string]struct {
			client    string
			customers []string
			lifetime  time.Duration
			want      string
		}{
			"another's customer":   {f.client.ID, []string{"elevate:1", "elevate:3"}, time.Hour, "customer elevate:3 not found"},
			"no such customer":     {f.client.ID, []string{"elevate:4"}, time.Hour, "customer elevate:4 not found"},
			"not a customer":       {f.client.ID, []string{"17"}, time.Hour, `customer "17": want system:id`},
			"no customers":         {f.client.ID, nil, time.Hour, "want 1 to 100"},
			"too many customers":   {f.client.ID, make([]string, 101), time.Hour, "want 1 to 100"},
			"no lifetime":          {f.client.ID, []string{"elevate:1"}, 0, "want 1 second to 24 hours"},
			"a negative lifetime":  {f.client.ID, []string{"elevate:1"}, -time.Hour, "want 1 second to 24 hours"},
			"more than a day":      {f.client.ID, []string{"elevate:1"}, 24*time.Hour + time.Second, "want 1 second to 24 hours"},
			"a client of no store": {"client_nobody", []string{"elevate:1"}, time.Hour, "no client with this id"},
		} {
			if token, err := f.NewBrowserToken(t.Context(), test.client, test.customers, test.lifetime); err == nil || !strings.Contains(err.Error(), test.want) || token.Text != "" {
				t.Errorf("%s: %v", name, err)
			}
		}
		token, err := f.NewBrowserToken(t.Context(), brief.ID, []string{"elevate:3"}, time.Hour)
		if err != nil || !token.ExpiresAt.Equal(until.Time) {
			t.Errorf("a token that would outlive its client ends at %v: %v", token.ExpiresAt, err)
		}
		f.clock.advance(time.Minute)
		if _, err := f.NewBrowserToken(t.Context(), brief.ID, []string{"elevate:3"}, time.Hour); err == nil {
			t.Error("an expired client made a token")
		}
	})
}

func TestKeysOfBrowserTokensOverlap(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		f := newTokens(t, url)
		first := f.token(24*time.Hour, "elevate:1")
		f.clock.advance(30*24*time.Hour - time.Hour)
		second := f.token(24*time.Hour, "elevate:1")
		if keyOf(t, first) != keyOf(t, second) {
			t.Error("the key changed before its time")
		}
		f.clock.advance(2 * time.Hour)
		third := f.token(24*time.Hour, "elevate:2")
		if keyOf(t, second) == keyOf(t, third) {
			t.Error("the key did not change in time")
		}
		f.want("of the key before", second, 200, 1)
		f.want("of the new key", third, 200, 2)

		key, err := f.store.TokenKey(t.Context(), keyOf(t, second))
		if err != nil {
			t.Fatal(err)
		}
		f.clock.advance(time.Second)
		f.want("forged with the key before", f.forge(key, f.clock.now()), 401)
		f.want("forged with an earlier time", f.forge(key, key.RetiredAt.Time), 200, 1)
		f.clock.advance(24 * time.Hour)
		f.want("forged, a day later", f.forge(key, key.RetiredAt.Time), 401)

		kept := f.token(time.Hour, "elevate:1")
		if err := f.store.RotateTokenKey(t.Context(), auth.NewTokenKey(), false); err != nil {
			t.Fatal(err)
		}
		f.want("before a rotation", kept, 200, 1)
		if err := f.store.RotateTokenKey(t.Context(), auth.NewTokenKey(), true); err != nil {
			t.Fatal(err)
		}
		f.clock.advance(3 * time.Second)
		f.want("before a rotation that revokes", kept, 401)
		f.want("after it", f.token(time.Hour, "elevate:1"), 200, 1)
	})
}

// keyOf returns the id of the key that signed a token.
func keyOf(t *testing.T, token string) string {
	t.Helper()
	parsed, _, err := jwt.NewParser().ParseUnverified(strings.TrimPrefix(token, "usagegraph."), jwt.MapClaims{})
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Header["kid"].(string)
}

// forge returns a token for elevate:1 that is signed with a key and made at a time, and valid for another two days.
func (f *tokens) forge(key *db.TokenKey, made time.Time) string {
	f.t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"iss": "usagegraph", "sub": f.client.ID, "iat": made.Unix(), "exp": f.clock.now().Add(48 * time.Hour).Unix(), "customers": []string{"elevate:1"}})
	token.Header["kid"] = key.ID
	secret, err := base64.StdEncoding.DecodeString(key.Secret)
	if err != nil {
		f.t.Fatal(err)
	}
	text, err := token.SignedString(secret)
	if err != nil {
		f.t.Fatal(err)
	}
	return "usagegraph." + text
}
