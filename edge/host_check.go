package edge

import (
	"net"
	"net/http"
	"strings"
)

// CheckHost returns a handler that serves only requests whose header Host names this machine, and answers others with
// 421. It protects a server without authentication at a loopback address against DNS rebinding: a page whose host name
// is made to resolve to 127.0.0.1 has the same origin as the server for the browser, but sends its own name as Host.
func CheckHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			http.Error(w, "the server accepts requests from this machine only: use the host localhost, or start it with --insecure", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocal reports whether a Host header, with or without a port, names this machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(host)
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip.IsLoopback() || ip == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost"))
}
