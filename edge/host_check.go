package edge

import (
	"net"
	"net/http"
	"strings"
)

// LocalNames is for a server at a loopback address to whom nobody has to say who he is. A page whose own name is made
// to lead to this machine is of the same origin as the server, as far as the browser knows, and could read everything;
// but the browser names that page's host, and only this machine's names are answered.
func LocalNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r.Host) {
			http.Error(w, "this server is for this machine alone: ask it by localhost, or start it with --insecure", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocal tells whether a Host header, which may have a port, names this machine.
func isLocal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip.IsLoopback() || ip == nil && (host == "localhost" || strings.HasSuffix(host, ".localhost"))
}
