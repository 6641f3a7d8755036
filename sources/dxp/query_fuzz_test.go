package dxp

import (
	"net/http"
	"net/url"
	"testing"
)

// FuzzParseQuery parses query strings. A valid query, written as parameters and parsed again, is the same query.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"product.publicIdentifier=8201&product.publicIdentifierType=MSISDN", "product.publicIdentifierType=subscriptionid&product.publicIdentifier=S-1001",
		"product.publicIdentifier=+1%20787-555.0100&product.publicIdentifierType=msisdn", "product.publicIdentifier=%2B00787555&product.publicIdentifierType=Msisdn&x=%zz",
		"product.publicIdentifier=a&product.publicIdentifier=b&product.publicIdentifierType=MSISDN", "product.publicIdentifier=%00%FF&product.publicIdentifierType=SubscriptionId",
		"product.publicIdentifier=';--&product.publicIdentifierType=SubscriptionId", "a;b", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := parse(text)
		if err != nil {
			if q != (query{}) {
				t.Errorf("%q: %v, with %v", text, err, q)
			}
			return
		}
		again, err := parse(url.Values{typeParameter: {q.kind}, identifierParameter: {q.identifier}}.Encode())
		if err != nil || again != q {
			t.Errorf("%q: %v, then %v, %v", text, q, again, err)
		}
		if q.name != "" && q.ownID != "" || q.kind == msisdn && q.name == "" {
			t.Errorf("%q: %v", text, q)
		}
	})
}

func parse(text string) (query, error) {
	return parseQuery(&http.Request{URL: &url.URL{RawQuery: text}}, "PR", false)
}
