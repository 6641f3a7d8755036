package auth

import (
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

const (
	// failureBurst is the number of invalid credentials that an address can send before it is limited.
	failureBurst = 10
	// failureInterval is the time after which a limited address can send another one.
	failureInterval = 6 * time.Second
	// maxAddresses is the number of addresses that are limited; the least recent is dropped.
	maxAddresses = 10_000
)

// failures limits the rate of invalid credentials per address.
type failures struct {
	limiters *lru.Cache[netip.Addr, *rate.Limiter]
}

func newFailures() failures {
	limiters, err := lru.New[netip.Addr, *rate.Limiter](maxAddresses)
	if err != nil {
		panic("auth: " + err.Error()) // lru.New fails for a size <= 0 only
	}
	return failures{limiters}
}

// count counts an invalid credential of an address. It returns the time until the address can send another one, if it
// has sent too many, and 0 otherwise.
func (f failures) count(address netip.Addr, now time.Time) time.Duration {
	limiter, ok := f.limiters.Get(address)
	if !ok {
		limiter = rate.NewLimiter(rate.Every(failureInterval), failureBurst)
		f.limiters.Add(address, limiter)
	}
	if limiter.AllowN(now, 1) {
		return 0
	}
	return time.Duration((1 - limiter.TokensAt(now)) * float64(failureInterval))
}

// remoteAddress returns the address of a client. For IPv6 it returns the /64 network, which usually belongs to one
// customer of a provider.
func remoteAddress(remoteAddr string) netip.Addr {
	port, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := port.Addr().Unmap().WithZone("")
	if address.Is6() {
		return netip.PrefixFrom(address, 64).Masked().Addr()
	}
	return address
}
