package edge

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// parseProxies parses addresses and networks in CIDR notation.
func parseProxies(list []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, len(list))
	for i, text := range list {
		prefix, err := netip.ParsePrefix(text)
		if address, addressErr := netip.ParseAddr(text); addressErr == nil {
			prefix, err = address.Prefix(address.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies: want addresses or networks, such as 10.0.0.5 or 10.0.0.0/8, not %q", text)
		}
		prefixes[i] = prefix.Masked()
	}
	return prefixes, nil
}

// withProxies sets the RemoteAddr and the URL's scheme of requests from trusted proxies to those of the client:
// X-Forwarded-For has its address, X-Forwarded-Proto the scheme. In other requests both headers are ignored, since
// clients can forge them.
func withProxies(trusted []netip.Prefix, next http.Handler) http.Handler {
	isTrusted := func(address netip.Addr) bool {
		for _, prefix := range trusted {
			if prefix.Contains(address) {
				return true
			}
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A request line with an absolute URL has a scheme of the client's choice.
		r.URL.Scheme = ""
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && isTrusted(peer.Addr().Unmap()) {
			if client := forwardedAddress(r.Header.Values("X-Forwarded-For"), isTrusted); client.IsValid() {
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
			r.URL.Scheme = forwardedScheme(r.Header.Values("X-Forwarded-Proto"))
		}
		next.ServeHTTP(w, r)
	})
}

// forwardedAddress returns the last address in the headers that is no trusted proxy, or the first address if all are.
// Each proxy appends the address of its client: what precedes the result may be forged. It returns the zero address if
// the headers have no address.
func forwardedAddress(headers []string, isTrusted func(netip.Addr) bool) (client netip.Addr) {
	list := strings.Split(strings.Join(headers, ","), ",")
	for i := len(list) - 1; i >= 0; i-- {
		address, ok := parseForwarded(strings.TrimSpace(list[i]))
		if !ok {
			break
		}
		client = address
		if !isTrusted(address) {
			break
		}
	}
	return client
}

// parseForwarded parses an address that may have a port.
func parseForwarded(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	address, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return address.Unmap().WithZone(""), err == nil
}

// forwardedScheme returns https if the last header says so, and otherwise "".
func forwardedScheme(headers []string) string {
	if len(headers) > 0 && strings.EqualFold(strings.TrimSpace(headers[len(headers)-1]), "https") {
		return "https"
	}
	return ""
}
