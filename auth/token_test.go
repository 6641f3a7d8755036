package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// issuer is a server that publishes keys.
type issuer struct {
	*httptest.Server
	mu   sync.Mutex
	keys map[string]crypto.PublicKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{keys: map[string]crypto.PublicKey{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		list := []map[string]string{}
		for id, key := range i.keys {
			list = append(list, jwk(id, key))
		}
		json.NewEncoder(w).Encode(map[string]any{"keys": list})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) publish(id string, key crypto.PublicKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys[id] = key
}

func jwk(id string, key crypto.PublicKey) map[string]string {
	text := func(n *big.Int, size int) string {
		return base64.RawURLEncoding.EncodeToString(n.FillBytes(make([]byte, size)))
	}
	switch key := key.(type) {
	case *rsa.PublicKey:
		return map[string]string{"kid": id, "kty": "RSA", "use": "sig", "n": text(key.N, key.Size()), "e": text(big.NewInt(int64(key.E)), 3)}
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			panic(err)
		}
		return map[string]string{"kid": id, "kty": "EC", "crv": "P-256", "use": "sig", "x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:])}
	}
	return nil
}

// keyring is an issuer with a key of each kind, and an authenticator that takes its tokens.
type keyring struct {
	t      *testing.T
	issuer *issuer
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey
	clock  *clock
	auth   *auth.Authenticator
}

func newKeyring(t *testing.T, store *db.Store) *keyring {
	t.Helper()
	k := &keyring{t: t, issuer: newIssuer(t), clock: newClock()}
	var err error
	if k.rsa, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if k.ec, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	k.issuer.publish("rsa", &k.rsa.PublicKey)
	k.issuer.publish("ec", &k.ec.PublicKey)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	from, err := auth.NewIssuer(ctx, auth.IssuerSettings{Issuer: k.issuer.URL, Audience: "usagegraph", CustomersClaim: "customers", CostClaim: "cost"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	k.auth = auth.New(store, auth.Settings{Headers: headers, Issuer: from, Clock: k.clock.now})
	return k
}

// claims are good ones, with some of them changed; nil takes one away.
func (k *keyring) claims(changed map[string]any) jwt.MapClaims {
	now := k.clock.now()
	c := jwt.MapClaims{"iss": k.issuer.URL, "aud": "usagegraph", "sub": "ann", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "customers": "*"}
	for name, value := range changed {
		if c[name] = value; value == nil {
			delete(c, name)
		}
	}
	return c
}

func (k *keyring) sign(method jwt.SigningMethod, id string, key any, claims jwt.MapClaims) string {
	k.t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if id != "" {
		token.Header["kid"] = id
	}
	text, err := token.SignedString(key)
	if err != nil {
		k.t.Fatal(err)
	}
	return text
}

// ask asks from an address of its own, so that no failure makes another wait.
func (k *keyring) ask(n int, token string) (auth.Identity, error) {
	return k.auth.Identify(request("192.0.2."+string(rune('0'+n%10))+":1", "Authorization", "Bearer "+token))
}

func TestATokenIsTakenThatItsIssuerSignedForUsAndForNow(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	k := newKeyring(t, store)
	at := func(d time.Duration) int64 { return k.clock.now().Add(d).Unix() }
	good := k.claims(nil)
	with := func(name string, value any) string {
		return k.sign(jwt.SigningMethodRS256, "rsa", k.rsa, k.claims(map[string]any{name: value}))
	}
	der, err := x509.MarshalPKIXPublicKey(&k.rsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, test := range map[string]struct {
		token string
		good  bool
	}{
		"RS256":                            {k.sign(jwt.SigningMethodRS256, "rsa", k.rsa, good), true},
		"PS256":                            {k.sign(jwt.SigningMethodPS256, "rsa", k.rsa, good), true},
		"ES256":                            {k.sign(jwt.SigningMethodES256, "ec", k.ec, good), true},
		"without a key's id":               {k.sign(jwt.SigningMethodES256, "", k.ec, good), true},
		"one of several audiences":         {with("aud", []string{"x", "usagegraph"}), true},
		"expired 59 s ago":                 {with("exp", at(-59*time.Second)), true},
		"expired 61 s ago":                 {with("exp", at(-61*time.Second)), false},
		"without an end":                   {with("exp", nil), false},
		"an end that is no time":           {with("exp", "tomorrow"), false},
		"from in 59 s on":                  {with("nbf", at(59*time.Second)), true},
		"from in 61 s on":                  {with("nbf", at(61*time.Second)), false},
		"another issuer":                   {with("iss", "https://evil.example"), false},
		"the issuer with a slash":          {with("iss", k.issuer.URL+"/"), false},
		"no issuer":                        {with("iss", nil), false},
		"another audience":                 {with("aud", "shop"), false},
		"no audience":                      {with("aud", nil), false},
		"nobody":                           {with("sub", nil), false},
		"an empty subject":                 {with("sub", ""), false},
		"none":                             {k.sign(jwt.SigningMethodNone, "rsa", jwt.UnsafeAllowNoneSignatureType, good), false},
		"HS256 with the public key as PEM": {k.sign(jwt.SigningMethodHS256, "rsa", public, good), false},
		"HS256 with the public key as DER": {k.sign(jwt.SigningMethodHS256, "rsa", der, good), false},
		"HS256 with the modulus":           {k.sign(jwt.SigningMethodHS256, "rsa", k.rsa.N.Bytes(), good), false},
		"HS256 without a key's id":         {k.sign(jwt.SigningMethodHS256, "", public, good), false},
		"another's key by the id of ours":  {k.sign(jwt.SigningMethodRS256, "rsa", stranger, good), false},
		"another kind of key by its id":    {k.sign(jwt.SigningMethodES256, "rsa", k.ec, good), false},
		"a signature that was cut":         {strings.TrimRight(with("sub", "bob"), "=")[:400], false},
		"no token":                         {"a.b.c", false},
		"a secret that is none":            {"usagegraph_x", false},
	} {
		n++
		identity, err := k.ask(n, test.token)
		if test.good != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if test.good && identity.ClientID != "jwt:ann" || err != nil && (status(err) != 401 || err.Error() != "the credentials are not valid") {
			t.Errorf("%s: %v, %v", name, identity, err)
		}
	}
}

func TestATokenHoldsNoLongerThanItSays(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	k := newKeyring(t, store)
	token := k.sign(jwt.SigningMethodES256, "ec", k.ec, k.claims(map[string]any{"exp": k.clock.now().Add(-59 * time.Second).Unix()}))
	if _, err := k.ask(1, token); err != nil {
		t.Fatal(err)
	}
	k.clock.pass(time.Second)
	if _, err := k.ask(1, token); status(err) != 401 {
		t.Errorf("a token that was remembered outlives its end: %v", err)
	}
}

func TestAKeyThatIsNewIsFound(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	k := newKeyring(t, store)
	next, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k.issuer.publish("next", &next.PublicKey)
	if _, err := k.ask(1, k.sign(jwt.SigningMethodES256, "next", next, k.claims(nil))); err != nil {
		t.Errorf("the key came after the start: %v", err)
	}
	if _, err := k.ask(2, k.sign(jwt.SigningMethodES256, "never", next, k.claims(nil))); status(err) != 401 {
		t.Errorf("a key that there is not: %v", err)
	}
}

func TestATokenShowsTheCustomersThatItNames(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		var a, b int64
		err := store.Write(t.Context(), func(tx *db.Tx) error {
			a, b = tx.NextID(), tx.NextID()
			return tx.AddCustomers(t.Context(), []*db.Customer{{CustomerID: a, Source: db.Elevate, SourceID: "17"}, {CustomerID: b, Source: db.STN, SourceID: "x:y"}})
		})
		if err != nil {
			t.Fatal(err)
		}
		k := newKeyring(t, store)
		many := make([]string, 101)
		n := 0
		for name, test := range map[string]struct {
			customers, cost any
			sees            []int64
			status          int
		}{
			"by a system's id":              {[]string{"elevate:17"}, nil, []int64{a}, 200},
			"in capitals":                   {[]string{"ELEVATE:17"}, nil, []int64{a}, 200},
			"an id with a colon":            {[]string{"stn:x:y"}, nil, []int64{b}, 200},
			"by a global id":                {[]string{db.CustomerID(db.SourceID{Source: db.STN, Value: "x:y"}).String()}, nil, []int64{b}, 200},
			"as text":                       {"elevate:17", nil, []int64{a}, 200},
			"two and one unknown":           {[]string{"elevate:17", "brm:nobody", "stn:x:y"}, nil, []int64{a, b}, 200},
			"everyone":                      {"*", nil, []int64{a, b}, 200},
			"an unknown one":                {[]string{"elevate:18"}, nil, nil, 200},
			"an unknown one by a global id": {[]string{db.CustomerID(db.SourceID{Source: db.STN, Value: "z"}).String()}, nil, nil, 200},
			"a global id of something else": {[]string{db.ID{Type: db.TypeUsageRecord, Source: db.STN, Value: "x:y"}.String()}, nil, nil, 200},
			"an empty list":                 {[]string{}, nil, nil, 200},
			"an empty text":                 {"", nil, nil, 200},
			"no claim":                      {nil, nil, nil, 200},
			"a number":                      {17, nil, nil, 200},
			"an object":                     {map[string]string{"elevate": "17"}, nil, nil, 200},
			"numbers":                       {[]int{17}, nil, nil, 200},
			"yes":                           {true, nil, nil, 200},
			"too many":                      {many, nil, nil, 401},
			"cost":                          {"*", true, []int64{a, b}, 200},
			"cost as text":                  {"*", "true", []int64{a, b}, 200},
			"cost as a number":              {"*", 1, []int64{a, b}, 200},
		} {
			n++
			identity, err := k.ask(n, k.sign(jwt.SigningMethodES256, "ec", k.ec, k.claims(map[string]any{"customers": test.customers, "cost": test.cost, "sub": name})))
			if status(err) != test.status {
				t.Errorf("%s: %v", name, err)
				continue
			}
			pages, err := store.For(identity.Scope).Customers(t.Context(), db.NoParent, db.CustomerQuery{Page: db.Page{Limit: 10}})
			if err != nil {
				t.Fatal(err)
			}
			var seen []int64
			for _, c := range pages[0].Nodes {
				seen = append(seen, c.CustomerID)
			}
			if len(seen) != len(test.sees) || len(seen) > 0 && seen[0] != test.sees[0] {
				t.Errorf("%s sees %v", name, seen)
			}
			_, err = store.For(identity.Scope).UsageRecords(t.Context(), db.NoParent, db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "COST"}}, Page: db.Page{Limit: 1}})
			if (err == nil) != (test.cost == true) {
				t.Errorf("%s: cost: %v", name, err)
			}
		}
	})
}

func TestAnIssuerIsRefusedThatCannotBeRelied(t *testing.T) {
	t.Parallel()
	good := newIssuer(t)
	for name, s := range map[string]auth.IssuerSettings{
		"no audience":              {Issuer: good.URL},
		"no URL":                   {Issuer: "login", Audience: "x"},
		"http over a wire":         {Issuer: "http://login.example.com", Audience: "x"},
		"keys by http over a wire": {Issuer: good.URL, Audience: "x", KeysURL: "http://login.example.com/keys"},
		"another's description":    {Issuer: strings.Replace(good.URL, "127.0.0.1", "localhost", 1), Audience: "x"},
		"no description":           {Issuer: good.URL + "/nowhere", Audience: "x"},
		"no keys":                  {Issuer: good.URL, Audience: "x", KeysURL: good.URL + "/nowhere"},
	} {
		if _, err := auth.NewIssuer(t.Context(), s, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := auth.NewIssuer(t.Context(), auth.IssuerSettings{Issuer: "https://login.example.com/", Audience: "x", KeysURL: good.URL + "/keys"}, slog.New(slog.DiscardHandler)); err != nil {
		t.Errorf("keys of a URL of their own: %v", err)
	}
}
