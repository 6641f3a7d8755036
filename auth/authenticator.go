package auth

import (
	"context"
	"crypto/subtle"
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
	// remembered is how long what was found out about a credential holds. A client who is revoked is refused no later.
	remembered = 3 * time.Second
	// known and unknown are how many credentials that are good and that are not are remembered: a flood of bad ones
	// displaces no good one.
	known, unknown = 10_000, 10_000
	// lookUpTimeout is how long the look-up of a credential may take, whoever waits for it.
	lookUpTimeout = 5 * time.Second
)

// unauthenticated is the answer to a credential that is no good, whatever is wrong with it.
func unauthenticated() *Refusal { return &Refusal{Message: "the credentials are not valid"} }

// Authenticator finds out who asks. It is safe for concurrent use.
type Authenticator struct {
	store    *db.Store
	issuer   *Issuer
	headers  []Headers
	clock    func() time.Time
	good     *lru.Cache[string, answer]
	bad      *lru.Cache[string, answer]
	failures failures
	running  singleflight.Group
	// closed holds once credentials are needed, for ever; openAt is when there was no client, in nanoseconds.
	closed atomic.Bool
	openAt atomic.Int64
}

// answer is what was found out about a credential, and until when it holds. A limited scope holds as long as the records have
// this revision: a link makes other customers of those in it.
type answer struct {
	identity Identity
	until    time.Time
	revision int64
}

// Settings are what an authenticator can be told; the zero value is right for a machine of one's own.
type Settings struct {
	// Issuer is whose tokens are taken besides the secrets of clients; nil is nobody's.
	Issuer *Issuer
	// Closed asks for credentials even where there is no client who could have any.
	Closed bool
	// Headers are the headers in which legacy systems' clients send their credentials, besides Authorization.
	Headers []Headers
	// Clock returns the current time; nil is time.Now.
	Clock func() time.Time
}

// New returns an authenticator for the clients of a store.
func New(store *db.Store, s Settings) *Authenticator {
	if s.Clock == nil {
		s.Clock = time.Now
	}
	good, err1 := lru.New[string, answer](known)
	bad, err2 := lru.New[string, answer](unknown)
	if err := errors.Join(err1, err2); err != nil {
		panic("auth: " + err.Error()) // the sizes are constants
	}
	a := &Authenticator{store: store, issuer: s.Issuer, headers: s.Headers, clock: s.Clock, good: good, bad: bad, failures: newFailures()}
	a.closed.Store(s.Closed || s.Issuer != nil)
	return a
}

// Identify finds out who a request is from. Where there is no issuer and never was a client, and unless it is Closed,
// that is nobody in particular, who may see everything, whatever the request says. It returns a Refusal for credentials that are missing
// or no good, and another error where the database does not answer.
func (a *Authenticator) Identify(r *http.Request) (Identity, error) {
	open, err := a.open(r.Context())
	if err != nil {
		return Identity{}, err
	}
	if open {
		return Open(r)
	}
	from := addressOf(r.RemoteAddr)
	c, err := credentialOf(r, a.headers)
	switch {
	case err != nil:
		return Identity{}, a.failed(from, err)
	case c == credential{}:
		return Identity{}, &Refusal{Message: "credentials are required: " + accepted(a.headers)}
	}
	return a.identify(r.Context(), from, c)
}

// accepted lists the ways to send credentials.
func accepted(systems []Headers) string {
	ways := []string{"Authorization: Bearer"}
	for _, h := range systems {
		ways = append(ways, h.String())
	}
	if len(ways) == 1 {
		return ways[0]
	}
	last := len(ways) - 1
	return strings.Join(ways[:last], ", ") + ", or " + ways[last]
}

// identify looks a credential up, in the caches first.
func (a *Authenticator) identify(ctx context.Context, from netip.Addr, c credential) (Identity, error) {
	key, now := c.key(), a.clock()
	if found, ok := a.good.Get(key); ok && now.Before(found.until) {
		if found.identity.Scope.Everyone() {
			return found.identity, nil
		}
		if revision, err := a.store.Revision(ctx); err != nil || revision == found.revision {
			return found.identity, err
		}
	}
	if wait := a.failures.wait(from, now); wait > 0 {
		return Identity{}, tooMany(wait)
	}
	if found, ok := a.bad.Get(key); ok && now.Before(found.until) {
		return Identity{}, a.failed(from, unauthenticated())
	}
	identity, err := a.lookUpOnce(ctx, key, c)
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		return Identity{}, a.failed(from, refusal)
	}
	return identity, err
}

// failed counts a refusal, and is it, or that there were too many of them.
func (a *Authenticator) failed(from netip.Addr, err error) error {
	now := a.clock()
	if wait := a.failures.wait(from, now); wait > 0 {
		return tooMany(wait)
	}
	a.failures.count(from, now)
	return err
}

func tooMany(wait time.Duration) *Refusal {
	return &Refusal{Message: "too many bad credentials from this address", RetryAfter: wait}
}

// lookUpOnce looks a credential up; those who ask for the same one meanwhile share the answer. It does not end with the
// request that began it.
func (a *Authenticator) lookUpOnce(ctx context.Context, key string, c credential) (Identity, error) {
	done := a.running.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookUpTimeout)
		defer cancel()
		found, err := a.lookUp(ctx, c)
		var refusal *Refusal
		switch {
		case err == nil:
			a.good.Add(key, found)
		case errors.As(err, &refusal):
			a.bad.Add(key, answer{until: a.clock().Add(remembered)})
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

// lookUp finds out whose a credential is.
func (a *Authenticator) lookUp(ctx context.Context, c credential) (answer, error) {
	until := a.clock().Add(remembered)
	revision, err := a.store.Revision(ctx)
	if err != nil {
		return answer{}, err
	}
	if c.bearer && a.issuer != nil && !isSecret(c.secret) {
		identity, expires, err := a.issuer.identify(ctx, a.store, c.secret, a.clock)
		if expires.Before(until) {
			until = expires
		}
		return answer{identity, until, revision}, err
	}
	hash := hashOf(c.secret)
	client, err := a.store.ClientBySecret(ctx, hash)
	var absent *db.Error
	switch {
	case errors.As(err, &absent) && absent.Code == db.NotFound:
		return answer{}, unauthenticated()
	case err != nil:
		return answer{}, err
	}
	same := subtle.ConstantTimeCompare([]byte(client.SecretHash), []byte(hash))
	if c.clientID != "" {
		same &= subtle.ConstantTimeCompare([]byte(client.ID), []byte(c.clientID))
	}
	if same != 1 || !client.Valid(db.TimeOf(a.clock())) {
		return answer{}, unauthenticated()
	}
	if client.ExpiresAt != nil && client.ExpiresAt.Before(until) {
		until = client.ExpiresAt.Time
	}
	return answer{Identity{client.ID, client.Name, client.Scope()}, until, revision}, nil
}

// open tells whether nobody has to say who he is. That there is no client is asked again after a while; that there is
// one holds for ever. A database that does not answer is an error, never open.
func (a *Authenticator) open(ctx context.Context) (bool, error) {
	if a.closed.Load() {
		return false, nil
	}
	if at := a.openAt.Load(); at != 0 && a.clock().Sub(time.Unix(0, at)) < remembered {
		return true, nil
	}
	done := a.running.DoChan("", func() (any, error) {
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
