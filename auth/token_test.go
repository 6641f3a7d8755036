package auth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestOnlyValidTokensAreAccepted(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	issuer := newTokenIssuer(t, store)
	at := func(d time.Duration) int64 { return issuer.clock.now().Add(d).Unix() }
	valid := issuer.claims(nil)
	with := func(name string, value any) string {
		return issuer.sign(jwt.SigningMethodRS256, "rsa", issuer.rsa, issuer.claims(map[string]any{name: value}))
	}
	extended := func(header map[string]any) string {
		return issuer.signWith(header, jwt.SigningMethodRS256, "rsa", issuer.rsa, valid)
	}
	der, err := x509.MarshalPKIXPublicKey(&issuer.rsa.PublicKey)
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
		valid bool
	}{
		"RS256":                            {issuer.sign(jwt.SigningMethodRS256, "rsa", issuer.rsa, valid), true},
		"PS256":                            {issuer.sign(jwt.SigningMethodPS256, "rsa", issuer.rsa, valid), true},
		"ES256":                            {issuer.sign(jwt.SigningMethodES256, "ec", issuer.ec, valid), true},
		"without a key's id":               {issuer.sign(jwt.SigningMethodES256, "", issuer.ec, valid), true},
		"one of several audiences":         {with("aud", []string{"x", "usagegraph"}), true},
		"expired 59 s ago":                 {with("exp", at(-59*time.Second)), true},
		"expired 61 s ago":                 {with("exp", at(-61*time.Second)), false},
		"without exp":                      {with("exp", nil), false},
		"exp is no time":                   {with("exp", "tomorrow"), false},
		"valid in 59 s":                    {with("nbf", at(59*time.Second)), true},
		"valid in 61 s":                    {with("nbf", at(61*time.Second)), false},
		"another issuer":                   {with("iss", "https://evil.example"), false},
		"the issuer with a slash":          {with("iss", issuer.server.URL+"/"), false},
		"no issuer":                        {with("iss", nil), false},
		"another audience":                 {with("aud", "shop"), false},
		"no audience":                      {with("aud", nil), false},
		"no subject":                       {with("sub", nil), false},
		"an empty subject":                 {with("sub", ""), false},
		"alg none":                         {issuer.sign(jwt.SigningMethodNone, "rsa", jwt.UnsafeAllowNoneSignatureType, valid), false},
		"HS256 with the public key as PEM": {issuer.sign(jwt.SigningMethodHS256, "rsa", public, valid), false},
		"HS256 with the public key as DER": {issuer.sign(jwt.SigningMethodHS256, "rsa", der, valid), false},
		"HS256 with the modulus":           {issuer.sign(jwt.SigningMethodHS256, "rsa", issuer.rsa.N.Bytes(), valid), false},
		"HS256 without a key's id":         {issuer.sign(jwt.SigningMethodHS256, "", public, valid), false},
		"another issuer's key":             {issuer.sign(jwt.SigningMethodRS256, "rsa", stranger, valid), false},
		"a key of another type":            {issuer.sign(jwt.SigningMethodES256, "rsa", issuer.ec, valid), false},
		"a key without a use":              {issuer.sign(jwt.SigningMethodES256, "unused", issuer.ec, valid), true},
		"a key for encryption":             {issuer.sign(jwt.SigningMethodES256, "encryption", issuer.encryption, valid), false},
		"a key for encryption without id":  {issuer.sign(jwt.SigningMethodES256, "", issuer.encryption, valid), false},
		"a critical extension":             {extended(map[string]any{"crit": []string{"exp"}, "exp": 1}), false},
		"an empty list of extensions":      {extended(map[string]any{"crit": []string{}}), false},
		"b64":                              {extended(map[string]any{"b64": false, "crit": []string{"b64"}}), false},
		"b64 that is not critical":         {extended(map[string]any{"b64": true}), false},
		"an extension without id":          {issuer.signWith(map[string]any{"crit": []string{"x"}}, jwt.SigningMethodES256, "", issuer.ec, valid), false},
		"another member of the header":     {extended(map[string]any{"x5t": "x"}), true},
		"a truncated signature":            {strings.TrimRight(with("sub", "bob"), "=")[:400], false},
		"no token":                         {"a.b.c", false},
		"an unknown secret":                {"usagegraph_x", false},
	} {
		n++
		identity, err := issuer.identify(n, test.token)
		if test.valid != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if test.valid && identity.ClientID != "jwt:ann" || err != nil && (status(err) != 401 || err.Error() != "the credentials are not valid") {
			t.Errorf("%s: %v, %v", name, identity, err)
		}
	}
}

func TestCachedTokenExpires(t *testing.T) {
	t.Parallel()
	store := dbtest.Open(t, t.TempDir()+"/test.db")
	issuer := newTokenIssuer(t, store)
	token := issuer.sign(jwt.SigningMethodES256, "ec", issuer.ec, issuer.claims(map[string]any{"exp": issuer.clock.now().Add(-59 * time.Second).Unix()}))
	if _, err := issuer.identify(1, token); err != nil {
		t.Fatal(err)
	}
	issuer.clock.advance(time.Second)
	if _, err := issuer.identify(1, token); status(err) != 401 {
		t.Errorf("a cached token is accepted after its expiry: %v", err)
	}
}

func TestTokenScopeContainsItsCustomers(t *testing.T) {
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
		issuer := newTokenIssuer(t, store)
		many := make([]string, 101)
		n := 0
		for name, test := range map[string]struct {
			customers, cost any
			sees            []int64
			status          int
		}{
			"by source id":                       {[]string{"elevate:17"}, nil, []int64{a}, 200},
			"in capitals":                        {[]string{"ELEVATE:17"}, nil, []int64{a}, 200},
			"an id with a colon":                 {[]string{"stn:x:y"}, nil, []int64{b}, 200},
			"by a global id":                     {[]string{db.CustomerID(db.SourceID{Source: db.STN, Value: "x:y"}).String()}, nil, []int64{b}, 200},
			"as text":                            {"elevate:17", nil, []int64{a}, 200},
			"two and one unknown":                {[]string{"elevate:17", "brm:unknown", "stn:x:y"}, nil, []int64{a, b}, 200},
			"all customers":                      {"*", nil, []int64{a, b}, 200},
			"an unknown customer":                {[]string{"elevate:18"}, nil, nil, 200},
			"an unknown customer by a global id": {[]string{db.CustomerID(db.SourceID{Source: db.STN, Value: "z"}).String()}, nil, nil, 200},
			"a global id of another type":        {[]string{db.ID{Type: db.TypeUsageRecord, Source: db.STN, Value: "x:y"}.String()}, nil, nil, 200},
			"an empty list":                      {[]string{}, nil, nil, 200},
			"an empty text":                      {"", nil, nil, 200},
			"no claim":                           {nil, nil, nil, 200},
			"a number":                           {17, nil, nil, 200},
			"an object":                          {map[string]string{"elevate": "17"}, nil, nil, 200},
			"numbers":                            {[]int{17}, nil, nil, 200},
			"true":                               {true, nil, nil, 200},
			"too many":                           {many, nil, nil, 401},
			"cost":                               {"*", true, []int64{a, b}, 200},
			"cost as text":                       {"*", "true", []int64{a, b}, 200},
			"cost as a number":                   {"*", 1, []int64{a, b}, 200},
		} {
			n++
			identity, err := issuer.identify(n, issuer.sign(jwt.SigningMethodES256, "ec", issuer.ec, issuer.claims(map[string]any{"customers": test.customers, "cost": test.cost, "sub": name})))
			if status(err) != test.status {
				t.Errorf("%s: %v", name, err)
				continue
			}
			pages, err := store.For(identity.Scope).Customers(t.Context(), db.AllColumns, db.NoParent, db.CustomerQuery{Page: db.Page{Limit: 10}})
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
			_, err = store.For(identity.Scope).UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{OrderBy: []*db.UsageRecordOrder{{Field: "COST"}}, Page: db.Page{Limit: 1}})
			if (err == nil) != (test.cost == true) {
				t.Errorf("%s: cost: %v", name, err)
			}
		}
	})
}
