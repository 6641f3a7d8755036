package auth

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"usagegraph/db"
)

const (
	// cacheTTL is the lifetime of a cached result. A revoked client is refused after that time at the latest.
	cacheTTL = 3 * time.Second
	// cacheSize is the number of credentials in each of the two caches. Invalid credentials have a cache of their own,
	// so that many of them displace no valid one.
	cacheSize = 10_000
	// lookUpTimeout is the timeout for looking up a credential.
	lookUpTimeout = 5 * time.Second
)

// invalidCredentials returns the refusal of every invalid credential, without the reason.
func invalidCredentials() *Refusal { return &Refusal{Message: "the credentials are not valid"} }

// Authenticator finds the identity of requests. It is safe for concurrent use.
type Authenticator struct {
	store    *db.Store
	issuer   *Issuer
	headers  []Headers
	clock    func() time.Time
	valid    *lru.Cache[string, cachedIdentity]
	invalid  *lru.Cache[string, cachedIdentity]
	failures failures
	lookUps  singleflight.Group
	// closed is true once credentials are required; it never becomes false again.
	closed atomic.Bool
	// openAt is the time of the last check that found no clients, in Unix nanoseconds.
	openAt atomic.Int64
}

// cachedIdentity is the result of looking up a credential. A limited scope is valid only for one revision of the
// records, since linking customers adds customers to it.
type cachedIdentity struct {
	identity Identity
	expires  time.Time
	revision int64
}

// Settings holds the settings of an Authenticator; the zero value is valid.
type Settings struct {
	// Issuer is the issuer of accepted tokens; nil accepts no tokens.
	Issuer *Issuer
	// Closed requires credentials even if there are no clients.
	Closed bool
	// Headers are the credential headers of the legacy systems, accepted besides Authorization.
	Headers []Headers
	// Clock returns the current time; nil is time.Now.
	Clock func() time.Time
}

// New returns an authenticator for the clients of a store.
func New(store *db.Store, s Settings) *Authenticator {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	valid, err1 := lru.New[string, cachedIdentity](cacheSize)
	invalid, err2 := lru.New[string, cachedIdentity](cacheSize)
	if err := errors.Join(err1, err2); err != nil {
		panic("auth: " + err.Error()) // lru.New fails for a size <= 0 only
	}
	a := &Authenticator{store: store, issuer: s.Issuer, headers: s.Headers, clock: s.Clock, valid: valid, invalid: invalid, failures: newFailures()}
	a.closed.Store(s.Closed || s.Issuer != nil)
	return a
}

// Identify returns the identity of a request. Authentication is off if no client was ever created, there is no issuer
// and Closed is false: then it ignores credentials and returns the identity of Open. It returns a Refusal for missing
// or invalid credentials, and another error if the database is unavailable.
func (a *Authenticator) Identify(r *http.Request) (Identity, error) {
	open, err := a.open(r.Context())
	if err != nil {
		return Identity{}, err
	}
	if open {
		return Open(r)
	}
	address := remoteAddress(r.RemoteAddr)
	c, err := credentialOf(r, a.headers)
	switch {
	case err != nil:
		return Identity{}, a.refuse(address, err)
	case c == credential{}:
		return Identity{}, &Refusal{Message: "credentials are required: " + headerList(a.headers)}
	}
	return a.identify(r.Context(), address, c)
}

// headerList lists the headers in which credentials can be sent.
func headerList(systems []Headers) string {
	list := []string{"Authorization: Bearer"}
	for _, h := range systems {
		list = append(list, h.String())
	}
	if len(list) == 1 {
		return list[0]
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + ", or " + list[last]
}

// identify returns the identity of a credential, from the caches or the database.
func (a *Authenticator) identify(ctx context.Context, address netip.Addr, c credential) (Identity, error) {
	key, now := c.cacheKey(), a.clock()
	if cached, ok := a.valid.Get(key); ok && now.Before(cached.expires) {
		if cached.identity.Scope.Everyone() {
			return cached.identity, nil
		}
		if revision, err := a.store.Revision(ctx); err != nil || revision == cached.revision {
			return cached.identity, err
		}
	}
	if cached, ok := a.invalid.Get(key); ok && now.Before(cached.expires) {
		return Identity{}, a.refuse(address, invalidCredentials())
	}
	// Clients behind one proxy share an address: its invalid credentials must not lock out a valid one.
	identity, err := a.lookUpOnce(ctx, key, c)
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		return Identity{}, a.refuse(address, refusal)
	}
	return identity, err
}

// refuse counts an invalid credential of an address. It returns the given error, or a Refusal with RetryAfter if the
// address has sent too many.
func (a *Authenticator) refuse(address netip.Addr, err error) error {
	if wait := a.failures.count(address, a.clock()); wait > 0 {
		return &Refusal{Message: "too many invalid credentials from this address", RetryAfter: wait}
	}
	return err
}

// lookUpOnce looks up a credential and caches the result. Concurrent requests with the same credential share one
// look-up, which goes on if the first of these requests is cancelled.
func (a *Authenticator) lookUpOnce(ctx context.Context, key string, c credential) (Identity, error) {
	done := a.lookUps.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookUpTimeout)
		defer cancel()
		found, err := a.lookUp(ctx, c)
		var refusal *Refusal
		switch {
		case err == nil:
			a.valid.Add(key, found)
		case errors.As(err, &refusal):
			a.invalid.Add(key, cachedIdentity{expires: a.clock().Add(cacheTTL)})
		}
		return found.identity, err
	})
	select {
	case <-ctx.Done():
		return Identity{}, ctx.Err()
	case result := <-done:
		identity, _ := result.Val.(Identity)
		return identity, result.Err
	}
}

// lookUp returns the identity of a credential.
func (a *Authenticator) lookUp(ctx context.Context, c credential) (cachedIdentity, error) {
	var find func(context.Context, credential) (Identity, time.Time, error)
	switch {
	case isSecret(c.secret):
		find = a.client
	case c.bearer && isBrowserToken(c.secret):
		find = a.browserToken
	case c.bearer && a.issuer != nil:
		find = a.issuedToken
	default:
		return cachedIdentity{}, invalidCredentials()
	}
	expires := a.clock().Add(cacheTTL)
	revision, err := a.store.Revision(ctx)
	if err != nil {
		return cachedIdentity{}, err
	}
	identity, until, err := find(ctx, c)
	if !until.IsZero() && until.Before(expires) {
		expires = until
	}
	if !identity.Scope.Everyone() {
		// The scope is for records of that revision or a later one.
		identity.Scope = identity.Scope.Of(revision)
	}
	return cachedIdentity{identity, expires, revision}, err
}

// issuedToken returns the identity of a token of the issuer, and the time until which it is valid.
func (a *Authenticator) issuedToken(ctx context.Context, c credential) (Identity, time.Time, error) {
	return a.issuer.identify(ctx, a.store, c.secret, a.clock)
}

// refusalOf returns the Refusal of a credential that names something that does not exist, and other errors as they are.
func refusalOf(err error) error {
	var known *db.Error
	if errors.As(err, &known) && known.Code == db.NotFound {
		return invalidCredentials()
	}
	return err
}

// open reports whether authentication is off. It checks for clients again after cacheTTL, until there is one. It
// returns an error, and not true, if the database is unavailable.
func (a *Authenticator) open(ctx context.Context) (bool, error) {
	if a.closed.Load() {
		return false, nil
	}
	if at := a.openAt.Load(); at != 0 && a.clock().Sub(time.Unix(0, at)) < cacheTTL {
		return true, nil
	}
	done := a.lookUps.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookUpTimeout)
		defer cancel()
		has, err := a.store.HasClients(ctx)
		if err != nil {
			return false, err
		}
		if has {
			a.closed.Store(true)
		}
		a.openAt.Store(a.clock().UnixNano())
		return !has, nil
	})
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case result := <-done:
		open, _ := result.Val.(bool)
		return open, result.Err
	}
}
