package brm_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/brm"
	"usagegraph/sources/sourcetest"
)

func TestPartiesOfVersion5(t *testing.T) {
	const inner = `"partyOrPartyRole": {"@type": "PartyRef", "@referredType": "Organization", "id": "c-1", "name": "Exämple"`
	tests := []struct {
		name, parties, stored string
		want                  *ingest.Customer
	}{
		{"a party", `[{"@type": "RelatedPartyRefOrPartyRoleRef", "role": "customer", ` + inner + `}}]`,
			`[{"id":"c-1","name":"Exämple","@referredType":"Organization","partyOrPartyRole":{"@type":"PartyRef","@referredType":"Organization","id":"c-1","name":"Exämple"},"@type":"RelatedPartyRefOrPartyRoleRef","role":"customer"}]`,
			&ingest.Customer{ID: "c-1", Name: text("Exämple")}},
		{"a role of a party", `[{"role": "customer", "partyOrPartyRole": {"partyId": "p-1", "partyName": "Ada"}}]`,
			`[{"id":"p-1","name":"Ada","partyOrPartyRole":{"partyId":"p-1","partyName":"Ada"},"role":"customer"}]`, &ingest.Customer{ID: "p-1", Name: text("Ada")}},
		{"a role with an id of its own", `[{"role": "customer", "partyOrPartyRole": {"id": "role-1", "partyId": "p-1"}}]`,
			`[{"id":"role-1","partyOrPartyRole":{"id":"role-1","partyId":"p-1"},"role":"customer"}]`, &ingest.Customer{ID: "role-1"}},
		{"the same id in both places", `[{"id": "c-1", "name": "Outer", "role": "payer", ` + inner + `}}]`,
			`[{"id":"c-1","name":"Outer","@referredType":"Organization","partyOrPartyRole":{"@type":"PartyRef","@referredType":"Organization","id":"c-1","name":"Exämple"},"role":"payer"}]`,
			&ingest.Customer{ID: "c-1", Name: text("Outer")}},
		{"null outside", `[{"id": null, "role": "owner", "partyOrPartyRole": {"id": "c-1"}}]`,
			`[{"id":"c-1","partyOrPartyRole":{"id":"c-1"},"role":"owner"}]`, &ingest.Customer{ID: "c-1"}},
		{"one party without a role", `[{"partyOrPartyRole": {"id": "c-1"}}]`, `[{"id":"c-1","partyOrPartyRole":{"id":"c-1"}}]`, &ingest.Customer{ID: "c-1"}},
		{"null inside", `[{"id": "c-1", "role": "owner", "partyOrPartyRole": null}]`, `[{"id":"c-1","role":"owner","partyOrPartyRole":null}]`, &ingest.Customer{ID: "c-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, `{"relatedParty": `+tt.parties+`}`)
			if diff := cmp.Diff(tt.want, r.Customer); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.stored, string(r.Usage.RelatedPartiesJSON)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestVersion5IsAnsweredAsVersion4 imports a record of TMF635 version 5 and requests it at both routes.
func TestVersion5IsAnsweredAsVersion4(t *testing.T) {
	const document = `[{"id": "v5", "usageDate": "2024-02-01T08:00:00Z", "relatedParty": [{"role": "customer", "partyOrPartyRole": {"id": "c-1", "name": "Ex\u00e4mple"}}],
		"ratedProductUsage": [{"taxExcludedRatingAmount": {"unit": "EUR", "value": 3.2}, "product": {"id": "p1"}}]}]`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importDocument(t, store, strings.NewReader(document))
		server := newServer(t, store, brm.HandlerSettings{})
		for _, route := range []string{sampleRoute, schemaRoute} {
			usage := getBody(t, server, route+"/v5?fields=relatedParty,ratedProductUsage")
			sourcetest.SameText(t, []byte(`[{"id": "c-1", "name": "Ex\u00e4mple", "partyOrPartyRole": {"id": "c-1", "name": "Ex\u00e4mple"}, "role": "customer"}]`), at(t, usage, "/relatedParty"))
			price := at(t, usage, "/ratedProductUsage/0")
			sourcetest.SameText(t, []byte(`{"id": "p1"}`), at(t, string(price), "/productRef"))
			if strings.Contains(string(price), `"product"`) {
				t.Errorf("%s writes the product twice: %s", route, price)
			}
		}
	})
}
