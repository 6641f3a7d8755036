package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
)

func TestLookUpOfForeignRecordEqualsAbsentRecord(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		rows := map[string][]object{}
		w := newSchemaWalker()
		for list, d := range w.nodeTypes() {
			a, b, n := g.sampleRows(w, list, d)
			rows[list] = []object{a, b, n}
		}
		for document, sample := range map[string]func(object) any{
			`query($v: String!) {customer(by: {sourceId: {source: ELEVATE, value: $v}}) {id sourceId name}}`:           func(o object) any { return o["sourceId"] },
			`query($v: String!) {subscription(by: {sourceId: {source: DXP, value: $v}}) {id sourceId phoneNumber}}`:    func(o object) any { return o["sourceId"] },
			`query($v: String!) {subscription(by: {phoneNumber: $v}) {id sourceId simCardNumber}}`:                     func(o object) any { return o["phoneNumber"] },
			`query($v: String!) {subscription(by: {simCardNumber: $v}) {id sourceId phoneNumber customer {name}}}`:     func(o object) any { return o["simCardNumber"] },
			`query($v: String!) {usageRecord(by: {source: BRM, value: $v}) {id sourceId description rated {tag}}}`:     func(o object) any { return o["sourceId"] },
			`query($v: String!) {usageRecord(by: {source: ELEVATE, value: $v}) {id sourceId description rated {tag}}}`: func(o object) any { return o["sourceId"] },
		} {
			list := "customers"
			switch {
			case strings.Contains(document, "{subscription("):
				list = "subscriptions"
			case strings.Contains(document, "{usageRecord("):
				list = "usageRecords"
			}
			query := func(v any) string { return g.query(g.annaSecret, document, map[string]any{"v": v}) }
			if text := query(sample(rows[list][0])); !strings.Contains(text, g.anna.word) && rows[list][0]["source"] != "ELEVATE" && list != "usageRecords" {
				t.Errorf("%s does not find the own record: %s", document, text)
			}
			nothing := query("1599999999")
			for _, of := range rows[list][1:] {
				if of == nil {
					continue
				}
				text := query(sample(of))
				g.check(document, text, fmt.Sprint(sample(of)))
				g.checkSame(document, text, fmt.Sprint(sample(of)), nothing, "1599999999")
			}
		}
		// For Anna's client, a disputed number is Anna's, and a number that is now Berta's does not exist.
		const byNumber = `query($n: String!, $at: DateTime) {subscription(by: {phoneNumber: $n}, at: $at) {id sourceId}}`
		for _, test := range []struct{ secret, number, at, want string }{
			{g.annaSecret, disputedNumber, "", g.anna.word}, {g.operatorSecret, disputedNumber, "", string(db.Ambiguous)},
			{g.annaSecret, movedNumber, "", string(db.NotFound)}, {g.operatorSecret, movedNumber, "", g.berta.word},
			{g.annaSecret, movedNumber, "2041-01-20T00:00:00Z", g.anna.word}, {g.annaSecret, movedNumber, "2042-01-20T00:00:00Z", string(db.NotFound)},
		} {
			variables := map[string]any{"n": test.number}
			if test.at != "" {
				variables["at"] = test.at
			}
			text := g.query(test.secret, byNumber, variables)
			if !strings.Contains(text, test.want) {
				t.Errorf("%s at %q: got %s, want %s", test.number, test.at, text, test.want)
			}
			if test.want == string(db.NotFound) {
				variables["n"] = "1599999999"
				g.checkSame(byNumber, text, test.number, g.query(test.secret, byNumber, variables), "1599999999")
			}
		}
	})
}

func TestOnlyOperatorsSeeUnattributedDocuments(t *testing.T) {
	t.Parallel()
	w := newSchemaWalker()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		selection := "identifier reason document {__typename"
		for _, d := range w.GetPossibleTypes(w.Types["Document"]) {
			selection += " ... on " + d.Name + " {" + w.leafFields(d) + "}"
		}
		document := "{unattributed(first: 100) {totalCount pageInfo {endCursor} nodes {" + selection + "}}}}"
		shown := g.query(g.operatorSecret, document, nil)
		g.onlyForbidden("unattributed to the operator", parse(t, shown)) // importedBy is for staff
		if !strings.Contains(shown, g.unowned.word) || strings.Contains(shown, g.anna.word) || strings.Contains(shown, g.berta.word) {
			t.Errorf("to the operator: %.600s", shown)
		}
		for _, secret := range []string{g.annaSecret, g.annaCostSecret} {
			text := g.query(secret, document, nil)
			g.check(document, text)
			if found := parse(t, text); found.Data != nil || !slices.Equal(found.codes(), []string{string(db.Forbidden)}) {
				t.Errorf("to a client: %.600s", text)
			}
		}
	})
}
