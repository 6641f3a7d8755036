package app

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/web"
)

// restParameter is how a parameter of an endpoint is asked.
type restParameter struct {
	// field is the field of an answer whose value it is given; "" is for values of its own.
	field string
	// forms are what its value may look like, with %s for the field's.
	forms []string
	// exact asks for that value alone, so that another's and none must be answered alike.
	exact bool
	// values are its own, where it has no field.
	values []string
}

var (
	exactly  = []string{"%s"}
	matching = []string{"%s", "in:%s,x", "like:%s", "like:%%%s"}
	bounding = []string{"%s", "gt:%s", "lt:%s"}
)

// restParameters are all documented query parameters, by path and name.
var restParameters = map[string]map[string]restParameter{
	"/customer-usage-data": {
		"page": {values: []string{"1", "2"}}, "pageSize": {values: []string{"1", "1000"}}, "sort": {}, "fields": {},
		"customerId": {field: "customerId", forms: exactly, exact: true}, "siteId": {field: "siteId", forms: exactly, exact: true},
		"billRunId": {field: "billRunId", forms: exactly, exact: true}, "productReference": {field: "productReference", forms: matching, exact: true},
		"serviceId": {field: "serviceId", forms: matching, exact: true}, "destination": {field: "destination", forms: matching, exact: true},
		"eventDateFrom": {field: "eventDate", forms: bounding}, "eventDateTo": {field: "eventDate", forms: bounding},
		"excludeZeroValueRecords": {values: []string{"true", "false"}},
	},
	"/brm/usageManagement/v4/usage":     brmParameters("date"),
	"/tmf-api/usageManagement/v4/usage": brmParameters("usageDate"),
	"/api/QueryUsageSubscription": {
		"id": {field: "id", forms: exactly, exact: true}, "customerId": {field: "customerId", forms: exactly, exact: true}, "phoneNumber": {}, "simCardNumber": {},
		"include": {}, "fields": {}, "meta": {values: []string{"x"}}, "take": {values: []string{"0", "1", "1000"}}, "skip": {values: []string{"0", "1", "5"}},
		"orderBy": {}, "orderByDesc": {}, "format": {values: []string{"json"}},
	},
}

func brmParameters(date string) map[string]restParameter {
	bound := restParameter{field: date, forms: exactly}
	return map[string]restParameter{
		"@type": {values: []string{"Usage", "UsageOracle"}}, "fields": {}, "limit": {values: []string{"0", "1", "1000"}}, "offset": {values: []string{"0", "1", "9"}},
		"id": {field: "id", forms: exactly, exact: true}, "description": {field: "description", forms: exactly, exact: true},
		"description.like": {field: "description", forms: []string{"%s", "%s*", "%%%s"}, exact: true},
		"usageDate":        {field: date, forms: exactly, exact: true}, "usageDate.gt": bound, "usageDate.gte": bound, "usageDate.lt": bound, "usageDate.lte": bound,
	}
}

// required is what an endpoint must be told.
func required(path string) string {
	if path == "/customer-usage-data" {
		return "?page=1&pageSize=100"
	}
	return "?"
}

// restRows are a record of Anna's and one of Berta's that the operator is shown.
func (g *guarded) restRows(path string) (annas, bertas object) {
	g.t.Helper()
	_, body := g.get(g.operator, path+required(path))
	body, _, _ = strings.Cut(body, "\n")
	var rows []object
	if path == "/api/QueryUsageSubscription" {
		var envelope struct{ Results []object }
		g.decode(body, &envelope)
		rows = envelope.Results
	} else {
		g.decode(body, &rows)
	}
	for _, row := range rows {
		text, _ := json.Marshal(row)
		if strings.Contains(string(text), g.anna.word) {
			annas = row
		} else if strings.Contains(string(text), g.berta.word) {
			bertas = row
		}
	}
	if annas == nil || bertas == nil {
		g.t.Fatalf("%s shows the operator %.300s", path, body)
	}
	return annas, bertas
}

func (g *guarded) decode(text string, into any) {
	g.t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		g.t.Fatalf("%v: %.300s", err, text)
	}
}

// ask asks an endpoint as Anna's client, with a parameter, and holds the answer to what he may see.
func (g *guarded) ask(path, name, value string) string {
	g.t.Helper()
	target := path + required(path) + "&" + url.QueryEscape(name) + "=" + url.QueryEscape(value)
	if strings.Contains(required(path), "&"+name+"=") || strings.Contains(required(path), "?"+name+"=") {
		target = path + "?page=1&pageSize=1"
	}
	status, body := g.get(g.annas, target)
	g.check(target, body, value, url.QueryEscape(value))
	return strings.ReplaceAll(fmt.Sprint(status, " ", body), url.QueryEscape(value), value)
}

// three asks an endpoint for own, another's and no value, in one form.
func (g *guarded) three(path, name, form string, exact bool, own, others, absent string) {
	g.t.Helper()
	what := path + " " + name + " " + form
	mine := g.ask(path, name, fmt.Sprintf(form, own))
	if exact && !strings.Contains(mine, g.anna.word) {
		g.t.Errorf("%s shows nothing of his own: %.300s", what, mine)
	}
	another := g.ask(path, name, fmt.Sprintf(form, others))
	if nothing := g.ask(path, name, fmt.Sprintf(form, absent)); exact {
		g.alike(what, another, others, nothing, absent)
	}
}

func TestEveryParameterOfTheEndpointsShowsAClientHisOwnAlone(t *testing.T) {
	t.Parallel()
	documented := documentedParameters(t)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		for path, parameters := range restParameters {
			if names := documented[path]; len(names) != len(parameters) {
				t.Errorf("%s: %v are documented, %d are walked", path, names, len(parameters))
			}
			annas, bertas := g.restRows(path)
			for name, p := range parameters {
				for _, value := range p.values {
					g.ask(path, name, value)
				}
				for _, form := range p.forms {
					absent := "1599999999"
					if strings.Contains(strings.ToLower(p.field), "date") {
						absent = "2044-05-05T05:05:05Z"
					}
					g.three(path, name, form, p.exact, fmt.Sprint(annas[p.field]), fmt.Sprint(bertas[p.field]), absent)
				}
			}
			for name := range annas {
				g.ask(path, "fields", name)
				for _, order := range []string{"sort", "orderBy", "orderByDesc"} {
					if _, ok := parameters[order]; ok {
						g.ask(path, order, name)
					}
				}
			}
		}
	})
}

// documentedParameters are the query parameters of the OpenAPI document, by path.
func documentedParameters(t *testing.T) map[string][]string {
	t.Helper()
	type parameter struct{ Ref, Name, In string }
	var document struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct {
					Ref      string `json:"$ref"`
					Name, In string
				}
			}
		}
		Components struct{ Parameters map[string]parameter }
	}
	if err := json.Unmarshal(web.OpenAPI(), &document); err != nil {
		t.Fatal(err)
	}
	documented := map[string][]string{}
	for path, item := range document.Paths {
		path = strings.ReplaceAll(path, "{version}", "v4")
		for _, p := range item.Get.Parameters {
			if referred, ok := document.Components.Parameters[strings.TrimPrefix(p.Ref, "#/components/parameters/")]; ok {
				p.Name, p.In = referred.Name, referred.In
			}
			if p.In == "query" {
				documented[path] = append(documented[path], p.Name)
			}
		}
		rest := strings.HasSuffix(path, "/{id}") || strings.HasSuffix(path, "/describe") || strings.HasPrefix(path, "/dxp")
		if _, walked := restParameters[path]; !walked && !rest {
			t.Errorf("%s is not walked", path)
		}
	}
	return documented
}

func TestEveryConditionOfSTNShowsAClientHisOwnAlone(t *testing.T) {
	t.Parallel()
	const path = "/api/QueryUsageSubscription"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		annas, bertas := g.restRows(path)
		w := newWalker()
		line, bertasLine, _ := g.samples(w, "subscriptions", w.Types["ServiceSubscription"])
		summary, bertasSummary, _ := g.samples(w, "usageSummaries", w.Types["UsageSummary"])
		annas["simCardNumber"], bertas["simCardNumber"] = line["simCardNumber"], bertasLine["simCardNumber"]
		annas["phoneNumber"], bertas["phoneNumber"] = summary["phoneNumber"], bertasSummary["phoneNumber"]
		for name, own := range annas {
			others, text := fmt.Sprint(bertas[name]), true
			absent := "nothing"
			switch own.(type) {
			case json.Number:
				absent, text = "1599999999", false
			case bool, []any:
				continue
			}
			if name == "yearMonth" {
				absent, text = "2044_05", false
			}
			for _, suffix := range []string{"", "In", "NotEqualTo", "StartsWith", "EndsWith", "Contains", "Like"} {
				if text || suffix == "" || suffix == "In" || suffix == "NotEqualTo" {
					g.three(path, name+suffix, "%s", suffix != "NotEqualTo", fmt.Sprint(own), others, absent)
				}
			}
			for _, suffix := range []string{"GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"} {
				g.three(path, name+suffix, "%s", false, fmt.Sprint(own), others, absent)
			}
			g.ask(path, name+"Between", others+","+others)
			g.ask(path, name+"IsNull", "true")
			g.ask(path, name+"IsNotNull", "true")
			g.ask(path, "include", fmt.Sprintf("COUNT(*),COUNT(%[1]s),SUM(%[1]s),AVG(%[1]s),MIN(%[1]s),MAX(%[1]s)", name))
			for _, function := range []string{"COUNT", "MIN", "MAX"} {
				g.ask(path, "include", function+"("+name+")")
			}
		}
		if got := g.ask(path, "include", "COUNT(*) as n"); !strings.Contains(got, `"total":2`) || !strings.Contains(got, `"n":"2"`) {
			t.Errorf("others are counted: %s", got)
		}
	})
}

func TestAPathOfAnothersIsAnsweredAsOneOfNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		w := newWalker()
		annas, bertas := g.restRows("/brm/usageManagement/v4/usage")
		line, bertasLine, nobodysLine := g.samples(w, "subscriptions", w.Types["ServiceSubscription"])
		report := "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifierType=%s&product.publicIdentifier="
		for _, test := range []struct {
			before string
			own    any
			others []any
		}{
			{"/brm/usageManagement/v4/usage/", annas["id"], []any{bertas["id"]}},
			{"/tmf-api/usageManagement/v4/usage/", annas["id"], []any{bertas["id"]}},
			{fmt.Sprintf(report, "MSISDN"), line["phoneNumber"], []any{bertasLine["phoneNumber"], nobodysLine["phoneNumber"]}},
			{fmt.Sprintf(report, "SubscriptionId"), line["sourceId"], []any{bertasLine["sourceId"], nobodysLine["sourceId"]}},
		} {
			ask := func(value any) string {
				status, body := g.get(g.annas, test.before+fmt.Sprint(value))
				g.check(test.before, body, fmt.Sprint(value))
				return fmt.Sprint(status, " ", body)
			}
			if own := ask(test.own); !strings.HasPrefix(own, "200") || !strings.Contains(own, g.anna.word) {
				t.Errorf("%s shows nothing of his own: %.300s", test.before, own)
			}
			for _, other := range test.others {
				g.alike(test.before, ask(other), fmt.Sprint(other), ask("1599999999"), "1599999999")
			}
		}
		// A number that others dispute, or that another has now, is as one that nobody has.
		for _, number := range []string{disputedNumber, movedNumber} {
			status, body := g.get(g.annas, fmt.Sprintf(report, "MSISDN")+number)
			_, absent := g.get(g.annas, fmt.Sprintf(report, "MSISDN")+"1599999999")
			if g.alike(number, body, number, absent, "1599999999"); status != http.StatusNotFound {
				t.Errorf("a number that others have, too: %d %s", status, body)
			}
		}
	})
}

func TestCostIsShownToWhomItMayBe(t *testing.T) {
	t.Parallel()
	const prices = "{usageRecords(first: 100) {nodes {rated {taxExcluded {amount} %s} extensions {name value}}}}"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGuarded(t, store)
		for _, field := range []string{"cost {amount}", "ratedCost {amount}", "profit {amount}", "profitPercentage", "marginPercentage"} {
			document := fmt.Sprintf(prices, field)
			hidden := parse(t, g.query(g.annas, document, nil))
			name, _, _ := strings.Cut(field, " ")
			if price := at(hidden.Data, "usageRecords", "nodes", "rated"); at(price, name) != nil || at(price, "taxExcluded", "amount") == nil || !slices.Equal(hidden.codes(), []string{"FORBIDDEN"}) {
				t.Errorf("%s: %v", field, hidden)
			}
			for _, secret := range []string{g.annasWithCost, g.operator} {
				shown := g.query(secret, document, nil)
				if !strings.Contains(shown, fmt.Sprint(costDigits)) || !strings.Contains(shown, costWord) || strings.Contains(shown, `"errors"`) {
					t.Errorf("%s is hidden: %.300s", field, shown)
				}
			}
		}
		if plain := g.query(g.annas, fmt.Sprintf(prices, ""), nil); strings.Contains(plain, `"errors"`) {
			t.Errorf("an error for what was not asked: %.300s", plain)
		}
		for _, field := range []string{"buyPrice", "ratedBuyPrice", "profit", "profitPercentage", "marginPercentage"} {
			for secret, want := range map[string]int{g.annas: http.StatusForbidden, g.annasWithCost: http.StatusOK} {
				if status, body := g.get(secret, "/customer-usage-data?page=1&pageSize=10&sort="+field+":desc"); status != want {
					t.Errorf("sort by %s: %d %.300s", field, status, body)
				}
			}
		}
		if _, body := g.get(g.annasWithCost, "/customer-usage-data?page=1&pageSize=10"); !hiddens.MatchString(body) || strangers.MatchString(body) {
			t.Errorf("to one who may see cost: %.600s", body)
		}
	})
}
