package graphqlhttp_test

import (
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/graphqlhttp"
)

func TestIntrospectionIsASetting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		setting       string
		loopback      bool
		authenticated bool
		on            bool
	}{
		{"auto", true, false, true}, {"auto", false, false, false}, {"auto", false, true, true}, {"on", false, false, true}, {"off", true, true, false},
	} {
		dbtest.Each(t, func(t *testing.T, store *db.Store) {
			h := newHandler(t, store, func(s *graphqlhttp.Settings) {
				s.Introspection = test.setting
				s.ResolveIntrospection(test.loopback, test.authenticated)
			})
			for _, document := range []string{
				"{__schema{queryType{name}}}", `{__type(name:"Query"){name}}`, "{...F} fragment F on Query{__schema{queryType{name}}}", "{a:__schema{queryType{name}}}",
			} {
				got := postQuery(t, h, document, nil)
				refused := got.status == http.StatusBadRequest && got.code() == "INTROSPECTION_DISABLED" && strings.Contains(got.Errors[0].Message, "introspection is disabled")
				if refused == test.on {
					t.Errorf("%s, loopback %v: %s: %d %s", test.setting, test.loopback, document, got.status, got.body)
				}
			}
			if got := postQuery(t, h, "{__typename customers{nodes{__typename}}}", nil); got.code() != "" {
				t.Errorf("%s: __typename: %s", test.setting, got.body)
			}
		})
	}
}

func TestNamesAreSuggestedWithIntrospectionOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for introspection, suggests := range map[string]bool{"on": true, "off": false} {
			h := newHandler(t, store, func(s *graphqlhttp.Settings) { s.Introspection = introspection })
			for kind, document := range map[string]string{
				"a field":                  "{customer_}",
				"a field below":            "{customers{nodes{nme}}}",
				"an argument":              "{customers(frst:1){totalCount}}",
				"a directive's argument":   "{__typename @skip(iff:true)}",
				"a type":                   "{node(id:\"a\"){...on Custmer{id}}}",
				"a variable's type":        "query($f:CustomerFiltr){customers(filter:$f){totalCount}}",
				"an enum":                  "{usageRecords(filter:{usageType:{eq:VOIC}}){totalCount}}",
				"an enum as a string":      `{usageRecords(filter:{usageType:{eq:"VOICE"}}){totalCount}}`,
				"an input's field":         "{customers(filter:{nme:{eq:\"a\"}}){totalCount}}",
				"an object without fields": "{customers}",
			} {
				got := postQuery(t, h, document, nil)
				if got.status != http.StatusBadRequest {
					t.Errorf("%s: %d %s", kind, got.status, got.body)
				}
				if did := strings.Contains(got.body, "Did you mean"); !suggests && did {
					t.Errorf("%s: a name is suggested: %s", kind, got.body)
				} else if suggests && !did && kind == "a field below" {
					t.Errorf("%s: no name is suggested: %s", kind, got.body)
				}
			}
		}
	})
}
