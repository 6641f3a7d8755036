package edge_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/edge"
)

func TestForwardedAddressAndSchemeAreAcceptedFromTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	settings := edge.DefaultSettings()
	settings.TrustedProxies = []string{"10.0.0.0/8", "192.0.2.1", "2001:db8::/32"}
	endpoint := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.RemoteAddr + " " + r.URL.Scheme))
	})
	handler, err := edge.Routes(nil, "", auth.Open, map[string]http.Handler{"/endpoint": endpoint}, settings, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		peer      string
		forwarded []string
		scheme    []string
		want      string
	}{
		"an untrusted peer":           {"198.51.100.7:1", []string{"203.0.113.5"}, []string{"https"}, "198.51.100.7:1 "},
		"a trusted network":           {"10.1.2.3:1", []string{"203.0.113.5"}, []string{"https"}, "203.0.113.5:0 https"},
		"a trusted address":           {"192.0.2.1:1", []string{"203.0.113.5"}, []string{"http"}, "203.0.113.5:0 "},
		"the neighbour of an address": {"192.0.2.2:1", []string{"203.0.113.5"}, nil, "192.0.2.2:1 "},
		"a mapped address":            {"[::ffff:10.1.2.3]:1", []string{"203.0.113.5"}, nil, "203.0.113.5:0 "},
		"IPv6":                        {"[2001:db8::1]:1", []string{"2001:db9::5"}, []string{"HTTPS"}, "[2001:db9::5]:0 https"},
		"with ports":                  {"10.1.2.3:1", []string{"[2001:db9::5]:99"}, nil, "[2001:db9::5]:0 "},
		"a chain of proxies":          {"10.1.2.3:1", []string{"203.0.113.5, 10.9.9.9"}, nil, "203.0.113.5:0 "},
		"several headers":             {"10.1.2.3:1", []string{"203.0.113.5", "10.9.9.9"}, nil, "203.0.113.5:0 "},
		"a forged beginning":          {"10.1.2.3:1", []string{"198.51.100.99, 203.0.113.5"}, nil, "203.0.113.5:0 "},
		"a client inside":             {"10.1.2.3:1", []string{"10.7.7.7"}, nil, "10.7.7.7:0 "},
		"no address":                  {"10.1.2.3:1", []string{"unknown"}, nil, "10.1.2.3:1 "},
		"no headers":                  {"10.1.2.3:1", nil, nil, "10.1.2.3:1 "},
	} {
		r := httptest.NewRequest("GET", "https://example.com/endpoint", nil)
		r.RemoteAddr = test.peer
		r.Header["X-Forwarded-For"], r.Header["X-Forwarded-Proto"] = test.forwarded, test.scheme
		if got := do(t, handler, r); got.body != test.want {
			t.Errorf("%s: %q, want %q", name, got.body, test.want)
		}
	}
}

func TestInvalidTrustedProxyIsAnError(t *testing.T) {
	t.Parallel()
	for _, proxy := range []string{"nginx", "10.0.0.0/33", "10.0.0.1:80", "*"} {
		settings := edge.DefaultSettings()
		settings.TrustedProxies = []string{proxy}
		if _, err := edge.Routes(nil, "", auth.Open, nil, settings, nil); err == nil || !strings.HasPrefix(err.Error(), "--trusted-proxies") || !strings.Contains(err.Error(), proxy) {
			t.Errorf("%s: %v", proxy, err)
		}
	}
}
