package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"usagegraph/auth"
)

func TestMiddlewareAddsTheIdentityToTheContext(t *testing.T) {
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
		t.Error("a request without authentication has a scope")
	}
}
