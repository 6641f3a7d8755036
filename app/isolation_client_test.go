package app

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/edge"
	"usagegraph/sources/legacy"
)

// isolationServer is a server with records of the customers Anna and Berta and records without a customer. Tests send
// requests as Anna's client and check that the answers show no other records.
type isolationServer struct {
	t                    *testing.T
	store                *db.Store
	handler              http.Handler
	anna, berta, unowned *owner
	// Secrets of clients: the operator sees all records, Anna's clients see Anna's, without and with cost.
	operatorSecret, annaSecret, annaCostSecret string
	// ids maps a secret to the ID of its client.
	ids      map[string]string
	requests int
}

func newIsolationServer(t *testing.T, store *db.Store) *isolationServer {
	t.Helper()
	g := &isolationServer{t: t, store: store, ids: map[string]string{}}
	g.anna, g.berta, g.unowned = newOwners()
	for _, p := range []*owner{g.berta, g.anna, g.unowned} {
		p.add(t, store)
	}
	client := func(c *db.Client, scope ...db.SourceID) string {
		c.Name = fmt.Sprint(c.SeesCost, scope)
		secret := auth.NewClient(c)
		if err := store.AddClient(t.Context(), c, scope...); err != nil {
			t.Fatal(err)
		}
		g.ids[secret] = c.ID
		return secret
	}
	anna := db.SourceID{Source: db.Elevate, Value: g.anna.customerIDs[db.Elevate]}
	g.operatorSecret = client(&db.Client{SeesEveryone: true, SeesCost: true})
	g.annaSecret = client(&db.Client{}, anna)
	g.annaCostSecret = client(&db.Client{SeesCost: true}, anna)
	t.Cleanup(func() { t.Logf("%d requests", g.requests) })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	endpoints := newEndpoints()
	if _, err := kong.Must(&endpoints).Parse(nil); err != nil { // the defaults of the flags
		t.Fatal(err)
	}
	handlers := endpoints.handlers(store, func() legacy.Values { return legacy.Values{{Name: "dxp-time-zone", Scope: "PR"}: "UTC"} }, "", log)
	settings := edge.DefaultSettings()
	settings.MaxComplexity, settings.MaxErrors = 1<<30, 1<<20 // queries select all fields
	handler, err := edge.Routes(store, schema, auth.New(store, auth.Settings{Headers: endpoints.credentialHeaders()}).Identify, handlers, settings, log)
	if err != nil {
		t.Fatal(err)
	}
	g.handler = handler
	return g
}

// send sends a request with a secret and returns the status, and the body with the headers that depend on records.
func (g *isolationServer) send(secret string, r *http.Request) (int, string) {
	g.requests++
	if strings.HasPrefix(r.URL.Path, "/dxp") {
		r.Header["Client_id"], r.Header["Client_secret"] = []string{g.ids[secret]}, []string{secret}
		r.Header["Channelid"], r.Header["Targetsystem"] = []string{"APP"}, []string{"Matrixx"}
	} else {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String() + headerText(w.Header())
}

// headerText returns the headers that depend on the records as text.
func headerText(header http.Header) string {
	var b strings.Builder
	for _, name := range []string{"Link", "X-Total-Count", "X-Result-Count"} {
		if values := header[name]; values != nil {
			fmt.Fprintf(&b, "\n%s: %s", name, values)
		}
	}
	return b.String()
}

// get sends a GET request.
func (g *isolationServer) get(secret, target string) (int, string) {
	return g.send(secret, httptest.NewRequest(http.MethodGet, target, nil))
}

// query sends a GraphQL query and checks that the status is 200.
func (g *isolationServer) query(secret, document string, variables map[string]any) string {
	g.t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		g.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	status, answer := g.send(secret, r)
	if status != http.StatusOK {
		g.t.Errorf("%s: %d %s", document, status, answer)
	}
	return answer
}

// foreignData matches values of other owners, hiddenCost values of cost, and opaque IDs and cursors, which are decoded.
var (
	foreignData = regexp.MustCompile(`BERTA|NEMO|(1922|1833)\d{6}|204[23][-_]|:0:\d{18}`)
	hiddenCost  = regexp.MustCompile(fmt.Sprintf(`%s|%d\d{6}`, costWord, costDigits))
	opaque      = regexp.MustCompile(`[A-Za-z0-9_-]{16,}`)
)

// decodeOpaque returns a text followed by the decoded IDs and cursors in it.
func decodeOpaque(text string) string {
	var b strings.Builder
	b.WriteString(text)
	for _, word := range opaque.FindAllString(text, -1) {
		if plain, err := base64.RawURLEncoding.DecodeString(word); err == nil {
			b.WriteByte('\n')
			b.Write(plain)
		}
	}
	return b.String()
}

// check reports an answer to Anna's client that shows data of other owners or cost. Values of the request, which an
// endpoint may repeat, are removed from the answer first.
func (g *isolationServer) check(what, answer string, asked ...string) {
	g.t.Helper()
	for _, text := range asked {
		answer = strings.ReplaceAll(answer, text, "ASKED")
	}
	decoded := decodeOpaque(answer)
	if found := foreignData.FindString(decoded); found != "" {
		g.t.Errorf("%.300s shows foreign data %s: %.600s", what, found, answer)
	}
	if found := hiddenCost.FindString(decoded); found != "" {
		g.t.Errorf("%.300s shows cost %s: %.600s", what, found, answer)
	}
	for _, p := range []*owner{g.berta, g.unowned} {
		for _, key := range p.subscriptions {
			if strings.Contains(decoded, fmt.Sprint(key.ID)) || p.customer != 0 && strings.Contains(decoded, fmt.Sprint(p.customer)) {
				g.t.Errorf("%s shows a foreign key: %.600s", what, answer)
			}
		}
	}
}

// checkSame reports a difference between the answers to a foreign and an absent value. The values themselves are
// removed from both answers.
func (g *isolationServer) checkSame(what, others, othersAsked, absent, absentAsked string) {
	g.t.Helper()
	a, b := sortErrors(strings.ReplaceAll(others, othersAsked, "ASKED")), sortErrors(strings.ReplaceAll(absent, absentAsked, "ASKED"))
	if a != b {
		g.t.Errorf("%.300s: the answers to a foreign and an absent value differ:\n%.600s\n%.600s", what, a, b)
	}
}

// sortErrors sorts the errors of a GraphQL answer, whose order is undefined.
func sortErrors(text string) string {
	var a struct{ Errors []json.RawMessage }
	if json.Unmarshal([]byte(text), &a) != nil {
		return text
	}
	for _, e := range a.Errors {
		text = strings.Replace(text, string(e), "", 1)
	}
	slices.SortFunc(a.Errors, func(x, y json.RawMessage) int { return bytes.Compare(x, y) })
	return text + fmt.Sprintf("%s", a.Errors)
}
