package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"usagegraph/db/dbtest"
)

// tokenDatabase makes a database with the calls of two customers and a client. It returns the client's id and secret.
func tokenDatabase(t *testing.T, url string, flags ...string) (id, secret string) {
	t.Helper()
	calls := `[{"id": 1, "customerId": 17, "eventDate": "2025-03-01T12:00:00Z", "dataQuantity": 1.5, "dataUnits": "MB"}, {"id": 2, "customerId": 18, "eventDate": "2025-03-01T12:00:00Z"}]`
	if printed, err := runCommand(t, calls, "--database", url, "import", "elevate", "-"); err != nil {
		t.Fatal(err, printed)
	}
	made, err := runCommand(t, "", append([]string{"--database", url, "client", "create", "portal"}, flags...)...)
	if err != nil {
		t.Fatal(err, made)
	}
	return clientID.FindString(made), secretOf.FindString(made)
}

// askToken sends a request to POST /tokens and returns its status and body.
func askToken(t *testing.T, method, base, secret, media, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+"/tokens", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	r.Header.Set("Content-Type", media)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s may be stored: %v", text, response.Header)
	}
	return response.StatusCode, string(text)
}

func TestTokensAreMadeOverHTTP(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		_, secret := tokenDatabase(t, url, "--customer", "elevate:17")
		base, _ := start(t, "--database", url)
		const media, asked = "application/json", `{"customers": ["elevate:17"], "expiresIn": 3600}`
		status, text := askToken(t, http.MethodPost, base, secret, media+"; charset=utf-8", asked)
		var answer struct{ Token, ExpiresAt string }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != 200 || !strings.HasSuffix(answer.ExpiresAt, "Z") {
			t.Fatalf("%d %s: %v", status, text, err)
		}
		var seen struct {
			Data struct {
				Customers struct{ Nodes []struct{ SourceID string } }
			}
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/graphql", strings.NewReader(`{"query": "{customers(first: 5) {nodes {sourceId}}}"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+answer.Token)
		r.Header.Set("Content-Type", media)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if err := json.NewDecoder(response.Body).Decode(&seen); err != nil || len(seen.Data.Customers.Nodes) != 1 || seen.Data.Customers.Nodes[0].SourceID != "17" {
			t.Errorf("the token sees %+v: %v", seen, err)
		}
		for name, test := range map[string]struct {
			method, secret, media, body string
			status                      int
			want                        string
		}{
			"no secret":          {"POST", "", media, asked, 401, "UNAUTHENTICATED"},
			"a token":            {"POST", answer.Token, media, asked, 403, "only a client makes tokens"},
			"GET":                {"GET", secret, media, "", 405, "want POST"},
			"a form":             {"POST", secret, "application/x-www-form-urlencoded", asked, 415, "want application/json"},
			"no media type":      {"POST", secret, "", asked, 415, "want application/json"},
			"not JSON":           {"POST", secret, media, "customers=17", 400, `want {\"customers\"`},
			"more than JSON":     {"POST", secret, media, asked + asked, 400, `want {\"customers\"`},
			"an unknown member":  {"POST", secret, media, `{"customer": "elevate:17", "expiresIn": 1}`, 400, `want {\"customers\"`},
			"a repeated member":  {"POST", secret, media, `{"customers": [], "customers": ["elevate:17"], "expiresIn": 1}`, 400, `want {\"customers\"`},
			"no lifetime":        {"POST", secret, media, `{"customers": ["elevate:17"]}`, 400, "expiresIn: want 1 to 86400 seconds"},
			"too long":           {"POST", secret, media, `{"customers": ["elevate:17"], "expiresIn": 86401}`, 400, "expiresIn: want 1 to 86400 seconds"},
			"far too long":       {"POST", secret, media, `{"customers": ["elevate:17"], "expiresIn": 9223372036854775807}`, 400, "expiresIn: want 1 to 86400 seconds"},
			"no customers":       {"POST", secret, media, `{"customers": [], "expiresIn": 1}`, 400, "customers: want 1 to 100"},
			"another's customer": {"POST", secret, media, `{"customers": ["elevate:18"], "expiresIn": 1}`, 404, "customer elevate:18 not found"},
			"no such customer":   {"POST", secret, media, `{"customers": ["elevate:19"], "expiresIn": 1}`, 404, "customer elevate:19 not found"},
			"a large body":       {"POST", secret, media, strings.Repeat(" ", 65_537), 413, "more than 65536 bytes"},
		} {
			if status, text := askToken(t, test.method, base, test.secret, test.media, test.body); status != test.status || !strings.Contains(text, test.want) {
				t.Errorf("%s: %d %s", name, status, text)
			}
		}
	})
}

func TestTokenCommands(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		id, _ := tokenDatabase(t, url)
		command := func(args ...string) (string, error) {
			return runCommand(t, "", append([]string{"--database", url, "token"}, args...)...)
		}
		if printed, err := command("create", "--client", id, "--customer", "elevate:17", "--customer", "elevate:18", "--expires-in", "24h"); err != nil ||
			!regexp.MustCompile(`(?m)^usagegraph\.[\w-]+\.[\w-]+\.[\w-]+$`).MatchString(printed) || !strings.Contains(printed, "The token is valid until ") {
			t.Errorf("%v: %s", err, printed)
		}
		for args, want := range map[string]string{
			"create --client " + id + " --customer elevate:19":                  "token: customer elevate:19 not found",
			"create --client " + id + " --customer elevate:17 --expires-in 25h": "token: the lifetime: want 1 second to 24 hours",
			"create --client nobody --customer elevate:17":                      "token: no client with this id",
			"create --client " + id:                                             "missing flags: --customer",
		} {
			if printed, err := command(strings.Fields(args)...); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v %s", args, err, printed)
			}
		}
		for args, want := range map[string]string{"rotate": "valid until they expire", "rotate --revoke": "no longer valid"} {
			if printed, err := command(strings.Fields(args)...); err != nil || !strings.Contains(printed, want) {
				t.Errorf("%s: %v %s", args, err, printed)
			}
		}
	})
}

// TestPageOfTheDocumentationShowsUsage serves the page of docs/browser-tokens.md from another origin, as a portal would.
func TestPageOfTheDocumentationShowsUsage(t *testing.T) {
	page, err := os.ReadFile("../docs/browser-tokens.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```html\n(.*?)```").FindSubmatch(page)
	if block == nil {
		t.Fatal("the page has no HTML")
	}
	database := filepath.Join(t.TempDir(), "test.db")
	_, secret := tokenDatabase(t, database)
	var base string
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, strings.Replace(string(block[1]), "https://usage.example.com", base, 1))
		case "/usage-token":
			_, text := askToken(t, http.MethodPost, base, secret, "application/json", `{"customers": ["elevate:17"], "expiresIn": 60}`)
			io.WriteString(w, text)
		default:
			http.NotFound(w, r)
		}
	}))
	defer portal.Close()
	base, _ = start(t, "--database", database, "--cors-origin", portal.URL)
	ctx := browser(t)
	if err := chromedp.Do(ctx, chromedp.Navigate(portal.URL+"/")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](`!document.querySelector('#state').textContent.includes('Loading')`)); err != nil {
		t.Fatal(err)
	}
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil || !regexp.MustCompile(`2025-03\s+1\s+1\.5 MEGABYTE`).MatchString(shown) {
		t.Errorf("%v: the page shows %s", err, shown)
	}
}
