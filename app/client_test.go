package app

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

var (
	clientID = regexp.MustCompile(`client_[a-z0-9]{16}`)
	secretOf = regexp.MustCompile(`usagegraph_[\w-]{43}`)
)

func TestClientIsCreatedListedAndRevoked(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		command := func(args ...string) (string, error) {
			return runCommand(t, "", append([]string{"--database", url}, args...)...)
		}
		if printed, err := command("import", "elevate", sample(t, "elevate/sample")); err != nil {
			t.Fatal(err, printed)
		}
		if printed, err := command("client", "list"); err != nil || !strings.Contains(printed, "There are no clients") {
			t.Errorf("%v: %s", err, printed)
		}
		made, err := command("client", "create", "shop", "--customer", "elevate:0", "--see-cost", "--expires", "2999-12-31")
		if err != nil {
			t.Fatal(err, made)
		}
		id, secret := clientID.FindString(made), secretOf.FindString(made)
		if id == "" || secret == "" || !strings.Contains(made, "curl -H 'Authorization: Bearer "+secret+"'") {
			t.Errorf("printed: %s", made)
		}
		if printed, err := command("client", "create", "billing"); err != nil {
			t.Fatal(err, printed)
		}
		if printed, err := command("client", "create", "desk", "--staff", "--may-import"); err != nil {
			t.Fatal(err, printed)
		}
		list, err := command("client", "list")
		if err != nil || strings.Contains(list, secret) {
			t.Errorf("%v: %s", err, list)
		}
		for _, want := range []string{id + ` +shop +valid +seen +no +no +\d{4}-\d\d-\d\d +2999-12-31T00:00:00Z +elevate:0\n`,
			`client_\w+ +billing +valid +hidden +no +no +\S+ +never +all customers\n`, `client_\w+ +desk +valid +hidden +yes +yes +\S+ +never +all customers\n`} {
			if !regexp.MustCompile(want).MatchString(list) {
				t.Errorf("%s is not in\n%s", want, list)
			}
		}
		for args, want := range map[string]string{
			"create shop": "client name already in use",
			"create app --staff --customer elevate:0":  "--staff is for clients that see all customers",
			"create app --customer elevate:99":         "unknown customer elevate:99: import a record of that customer first, create the customer with usagegraph link --create, or leave --customer out",
			"create app --customer 17":                 "--customer 17: want system:id, such as elevate:17",
			"create app --customer dxp:1":              "--customer dxp:1: dxp's documents name no customers",
			"create app --customer=":                   "want system:id",
			"create app --expires 2020-01-01":          "--expires: want a time in the future",
			"create app --expires 2020-01-01T00:00:00": "--expires: want a day",
			"create app --expires tomorrow":            "--expires: want a day",
			"rotate client_nobody":                     "client client_nobody: no client with this id",
			"rotate " + id + " --overlap=-1h":          "--overlap: want 0s or more",
			"revoke client_nobody":                     "client client_nobody: no client with this id",
		} {
			if printed, err := command(append([]string{"client"}, strings.Fields(args)...)...); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v %s", args, err, printed)
			}
		}
		if printed, err := command("client", "create", "two\nlines"); err == nil {
			t.Errorf("a name of two lines: %s", printed)
		}
		rotated, err := command("client", "rotate", id, "--overlap", "1h")
		if newSecret := secretOf.FindString(rotated); err != nil || newSecret == "" || newSecret == secret || !strings.Contains(rotated, "The secret before is valid until ") {
			t.Errorf("%v: %s", err, rotated)
		}
		if list, err := command("client", "list"); err != nil || !strings.Contains(list, "shop     valid, two secrets") {
			t.Errorf("%v: %s", err, list)
		}
		if printed, err := command("client", "revoke", id); err != nil || printed != id+" is revoked.\n" {
			t.Errorf("%v: %s", err, printed)
		}
		if _, err := command("client", "revoke", id); err == nil || !strings.Contains(err.Error(), "already revoked") {
			t.Errorf("again: %v", err)
		}
		if list, err := command("client", "list"); err != nil || !strings.Contains(list, "revoked") {
			t.Errorf("%v: %s", err, list)
		}
	})
}

// unauthenticatedAnswers maps a request to each endpoint to its answer without valid credentials; %s is the message.
var unauthenticatedAnswers = map[string]string{
	"/graphql?query={customers{totalCount}}":    `{"errors":[{"message":"%s","extensions":{"code":"UNAUTHENTICATED"}}]}`,
	"/customer-usage-data?page=1&pageSize=1":    `{"error":"Unauthorized","message":"%s","status":401}`,
	"/brm/usageManagement/v4/usage":             `{"code":"41","reason":"Invalid credentials","message":"%s","status":"401","@type":"Error"}`,
	"/tmf-api/usageManagement/v4/usage/nothing": `{"code":"41","reason":"Invalid credentials","message":"%s","status":"401","@type":"Error"}`,
	"/api/QueryUsageSubscription?take=1":        `{"responseStatus":{"errorCode":"Unauthorized","message":"%s","errors":[]}}`,
	"/dxp-ux/v1/PR/usageConsumptionReport":      `{"errors":[{"code":404,"message":"The user could not be authenticated for this request.","description":"The request has not been applied because it lacks valid authentication credentials for the target resource"}]}`,
}

func TestAllEndpointsAuthenticateTheSameClients(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	made, err := runCommand(t, "", "--database", database, "client", "create", "staff")
	if err != nil {
		t.Fatal(err, made)
	}
	base, printed := start(t, "--database", database)
	if !strings.Contains(printed, "Authentication is on") || strings.Contains(printed, "anyone who can reach") {
		t.Errorf("printed: %s", printed)
	}
	id, secret := clientID.FindString(made), secretOf.FindString(made)
	credentials := map[string]http.Header{
		"bearer": {"Authorization": {"Bearer " + secret}}, "key": {"stn-api-key": {secret}}, "id and secret": {"client_id": {id}, "client_secret": {secret}},
	}
	for target, shape := range unauthenticatedAnswers {
		// dxp's endpoint accepts only client_id with client_secret.
		isDXP := strings.HasPrefix(target, "/dxp")
		for name, message := range map[string]string{
			"":    "credentials are required: Authorization: Bearer, stn-api-key, or client_id and client_secret",
			"bad": "the credentials are not valid",
		} {
			header := http.Header{}
			if name != "" {
				header = http.Header{"client_id": {id}, "client_secret": {"bad"}}
			}
			status, challenge, body := getWithHeader(t, base+target, header)
			want := shape
			if !isDXP {
				want = fmt.Sprintf(shape, message)
			}
			if status != http.StatusUnauthorized || challenge == "" || body != want {
				t.Errorf("%s to %q: %d %s %s", target, name, status, challenge, body)
			}
		}
		for name, header := range credentials {
			if status, _, body := getWithHeader(t, base+target, header); (status == http.StatusUnauthorized) != (isDXP && name != "id and secret") {
				t.Errorf("%s by %s: %d %s", target, name, status, body)
			}
		}
	}
	for _, open := range []string{"/", "/docs", "/schema.graphql", "/readyz", "/brm/usageManagement/v4/usage/describe"} {
		if status, _, _ := getWithHeader(t, base+open, nil); status != http.StatusOK {
			t.Errorf("%s: %d", open, status)
		}
	}
}

// getWithHeader sends a request and returns the status, the header WWW-Authenticate and the body.
func getWithHeader(t *testing.T, url string, header http.Header) (status int, challenge, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("WWW-Authenticate"), string(text)
}

func TestPublicAddressNeedsClientOrIssuer(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{
		"an audience without an issuer": {"--jwt-audience", "x"},
		"an issuer without an audience": {"--jwt-issuer", "https://login.example.com/"},
		"an issuer by http":             {"--jwt-issuer", "http://login.example.com/", "--jwt-audience", "x"},
	} {
		args := append([]string{"--addr", "127.0.0.1:0", "--database", filepath.Join(t.TempDir(), "test.db")}, flags...)
		if printed, err := runCommand(t, "", args...); err == nil {
			t.Errorf("%s: %s", name, printed)
		}
	}
	database := filepath.Join(t.TempDir(), "test.db")
	if _, err := runCommand(t, "", "--addr", "0.0.0.0:0", "--database", database); err == nil || !strings.Contains(err.Error(), "client create") || !strings.Contains(err.Error(), "--insecure") {
		t.Errorf("without: %v", err)
	}
	store := dbtest.Open(t, database)
	public, log := &net.TCPAddr{IP: net.IPv4zero, Port: 80}, slog.New(slog.DiscardHandler)
	if a, err := (&serveCommand{Insecure: true}).access(t.Context(), store, public, log); err != nil || !a.open {
		t.Errorf("insecure: %v, %v", a, err)
	}
	client := &db.Client{Name: "staff"}
	auth.NewClient(client)
	if err := store.AddClient(t.Context(), client); err != nil {
		t.Fatal(err)
	}
	for _, insecure := range []bool{false, true} {
		if a, err := (&serveCommand{Insecure: insecure}).access(t.Context(), store, public, log); err != nil || a.open {
			t.Errorf("with a client, insecure %v: %v, %v", insecure, a, err)
		}
	}
}
