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

// guarded is a server that Anna, Berta and nobody have data on, and the secrets of those who may ask it.
type guarded struct {
	t                 *testing.T
	store             *db.Store
	handler           http.Handler
	anna, berta, nemo *person
	// operator sees everything; annas sees Anna's without cost, annasWithCost sees that, too.
	operator, annas, annasWithCost string
	// ids are the clients' by their secrets.
	ids   map[string]string
	asked int
}

func newGuarded(t *testing.T, store *db.Store) *guarded {
	t.Helper()
	g := &guarded{t: t, store: store, ids: map[string]string{}}
	g.anna, g.berta, g.nemo = people()
	for _, p := range []*person{g.berta, g.anna, g.nemo} {
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
	anna := db.SourceID{Source: db.Elevate, Value: g.anna.known[db.Elevate]}
	g.operator = client(&db.Client{SeesEveryone: true, SeesCost: true})
	g.annas = client(&db.Client{}, anna)
	g.annasWithCost = client(&db.Client{SeesCost: true}, anna)
	t.Cleanup(func() { t.Logf("%d questions", g.asked) })
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	endpoints := newEndpoints()
	if _, err := kong.Must(&endpoints).Parse(nil); err != nil { // the defaults of the flags
		t.Fatal(err)
	}
	shims := endpoints.handlers(store, func() legacy.Values { return legacy.Values{{Name: "dxp-time-zone", Scope: "PR"}: "UTC"} }, log)
	settings := edge.DefaultSettings()
	settings.MaxComplexity, settings.MaxErrors = 1<<30, 1<<20 // each way is asked for whole
	handler, err := edge.Routes(store, schema, auth.New(store, auth.Settings{Headers: endpoints.credentialHeaders()}).Identify, shims, settings, log)
	if err != nil {
		t.Fatal(err)
	}
	g.handler = handler
	return g
}

// send sends a request with a secret and returns the status and the body.
func (g *guarded) send(secret string, r *http.Request) (int, string) {
	g.asked++
	if strings.HasPrefix(r.URL.Path, "/dxp") {
		r.Header["Client_id"], r.Header["Client_secret"] = []string{g.ids[secret]}, []string{secret}
		r.Header["Channelid"], r.Header["Targetsystem"] = []string{"APP"}, []string{"Matrixx"}
	} else {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String() + said(w.Header())
}

// said is what headers tell of the records; nothing where there are none.
func said(header http.Header) string {
	var b strings.Builder
	for _, name := range []string{"Link", "X-Total-Count", "X-Result-Count"} {
		if values := header[name]; values != nil {
			fmt.Fprintf(&b, "\n%s: %s", name, values)
		}
	}
	return b.String()
}

// get asks an endpoint.
func (g *guarded) get(secret, target string) (int, string) {
	return g.send(secret, httptest.NewRequest(http.MethodGet, target, nil))
}

// query asks the graph; its status is always 200.
func (g *guarded) query(secret, document string, variables map[string]any) string {
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

// strangers is what no answer to Anna's client may hold: words, numbers and years of the others, and what is hers but
// hidden from him. Opaque ids and cursors are looked into.
var (
	strangers = regexp.MustCompile(`BERTA|NEMO|(1922|1833)\d{6}|204[23][-_]|:0:\d{18}`)
	hiddens   = regexp.MustCompile(fmt.Sprintf(`%s|%d\d{6}`, costWord, costDigits))
	opaque    = regexp.MustCompile(`[A-Za-z0-9_-]{16,}`)
)

// inside returns a text with all that is opaque in it opened.
func inside(text string) string {
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

// check reports an answer to Anna's client that holds another's data, or what something cost; what was asked is left
// out, where an endpoint repeats it.
func (g *guarded) check(what, answer string, asked ...string) {
	g.t.Helper()
	for _, text := range asked {
		answer = strings.ReplaceAll(answer, text, "ASKED")
	}
	opened := inside(answer)
	if found := strangers.FindString(opened); found != "" {
		g.t.Errorf("%.300s shows another's %s: %.600s", what, found, answer)
	}
	if found := hiddens.FindString(opened); found != "" {
		g.t.Errorf("%.300s shows cost %s: %.600s", what, found, answer)
	}
	for _, p := range []*person{g.berta, g.nemo} {
		for _, key := range p.lines {
			if strings.Contains(opened, fmt.Sprint(key.ID)) || p.customer != 0 && strings.Contains(opened, fmt.Sprint(p.customer)) {
				g.t.Errorf("%s shows another's key: %.600s", what, answer)
			}
		}
	}
}

// alike reports two answers that differ where they must not: one that was asked for another's, and one for what there
// is not. What was asked itself is left out of both.
func (g *guarded) alike(what, others, othersAsked, absent, absentAsked string) {
	g.t.Helper()
	a, b := settled(strings.ReplaceAll(others, othersAsked, "ASKED")), settled(strings.ReplaceAll(absent, absentAsked, "ASKED"))
	if a != b {
		g.t.Errorf("%.300s: another's and what there is not are answered differently:\n%.600s\n%.600s", what, a, b)
	}
}

// settled puts the errors of a graph's answer in order: they stand there as they happened.
func settled(text string) string {
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
