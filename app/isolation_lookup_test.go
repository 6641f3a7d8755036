package app

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestALookUpOfAnothersIsAnsweredAsOneOfNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		rows := map[string][]object{}
		w := newWalker()
		for list, d := range w.nodeTypes() {
			a, b, n := g.samples(w, list, d)
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
			ask := func(v any) string { return g.query(g.annas, document, map[string]any{"v": v}) }
			if text := ask(sample(rows[list][0])); !strings.Contains(text, g.anna.word) && rows[list][0]["source"] != "ELEVATE" && list != "usageRecords" {
				t.Errorf("%s does not find his own: %s", document, text)
			}
			nothing := ask("1599999999")
			for _, of := range rows[list][1:] {
				if of == nil {
					continue
				}
				text := ask(sample(of))
				g.check(document, text, fmt.Sprint(sample(of)))
				g.alike(document, text, fmt.Sprint(sample(of)), nothing, "1599999999")
			}
		}
		// A number that others dispute is hers alone; one that another has now is as one that nobody has.
		const byNumber = `query($n: String!, $at: DateTime) {subscription(by: {phoneNumber: $n}, at: $at) {id sourceId}}`
		for _, test := range []struct{ secret, number, at, want string }{
			{g.annas, disputedNumber, "", g.anna.word}, {g.operator, disputedNumber, "", string(db.Ambiguous)},
			{g.annas, movedNumber, "", string(db.NotFound)}, {g.operator, movedNumber, "", g.berta.word},
			{g.annas, movedNumber, "2041-01-20T00:00:00Z", g.anna.word}, {g.annas, movedNumber, "2042-01-20T00:00:00Z", string(db.NotFound)},
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
				g.alike(byNumber, text, test.number, g.query(test.secret, byNumber, variables), "1599999999")
			}
		}
	})
}

func TestUnattributedDocumentsAreTheOperatorsAlone(t *testing.T) {
	t.Parallel()
	w := newWalker()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		selection := "identifier reason document {__typename"
		for _, d := range w.GetPossibleTypes(w.Types["Document"]) {
			selection += " ... on " + d.Name + " {" + w.leaves(d) + "}"
		}
		document := "{unattributed(first: 100) {totalCount pageInfo {endCursor} nodes {" + selection + "}}}}"
		shown := g.query(g.operator, document, nil)
		if found := parse(t, shown); found.Errors != nil || !strings.Contains(shown, g.nemo.word) || strings.Contains(shown, g.anna.word) || strings.Contains(shown, g.berta.word) {
			t.Errorf("to the operator: %.600s", shown)
		}
		for _, secret := range []string{g.annas, g.annasWithCost} {
			text := g.query(secret, document, nil)
			g.check(document, text)
			if found := parse(t, text); found.Data != nil || !slices.Equal(found.codes(), []string{string(db.Forbidden)}) {
				t.Errorf("to a client: %.600s", text)
			}
		}
	})
}
