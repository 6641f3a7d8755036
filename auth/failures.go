package auth

import (
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

const (
	// failuresAtOnce is how many bad credentials one address may try before it has to wait.
	failuresAtOnce = 10
	// failureEvery is how long it then waits for each further one.
	failureEvery = 6 * time.Second
	// addresses is how many addresses are remembered, those that failed last.
	addresses = 10_000
)

// failures counts bad credentials by the address that they came from.
type failures struct {
	byAddress *lru.Cache[netip.Addr, *rate.Limiter]
}

func newFailures() failures {
	cache, err := lru.New[netip.Addr, *rate.Limiter](addresses)
	if err != nil {
		panic("auth: " + err.Error()) // the size is a constant
	}
	return failures{cache}
}

// wait returns how long an address has to wait before it may try again; 0 is not at all.
func (f failures) wait(from netip.Addr, now time.Time) time.Duration {
	limiter, ok := f.byAddress.Get(from)
	if !ok {
		return 0
	}
	missing := 1 - limiter.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing * float64(failureEvery))
}

// count notes a bad credential.
func (f failures) count(from netip.Addr, now time.Time) {
	limiter := rate.NewLimiter(rate.Every(failureEvery), failuresAtOnce)
	if before, ok, _ := f.byAddress.PeekOrAdd(from, limiter); ok {
		limiter = before
	}
	limiter.AllowN(now, 1)
}

// addressOf returns who is on the other end of a connection. What a request says of that itself (X-Forwarded-For) counts
// for nothing. Of an IPv6 address the first 64 bits count: whoever has one has all of those.
func addressOf(remote string) netip.Addr {
	port, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	address := port.Addr().Unmap().WithZone("")
	if address.Is6() {
		return netip.PrefixFrom(address, 64).Masked().Addr()
	}
	return address
}
