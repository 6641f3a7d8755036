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
	"usagegraph/web"
)

// restParameter describes the test values of a query parameter.
type restParameter struct {
	// field is the field of an answer that provides the value; empty if the parameter has values.
	field string
	// forms are the forms of the parameter, with %s for the value of the field.
	forms []string
	// exact is set if only records with this value match, so that foreign and absent values have equal answers.
	exact bool
	// values are the values of a parameter without a field.
	values []string
}

var (
	exactly  = []string{"%s"}
	matching = []string{"%s", "in:%s,x", "like:%s", "like:%%%s"}
	bounding = []string{"%s", "gt:%s", "lt:%s"}
)

// restParameters contains all documented query parameters by path and name.
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

// requiredParameters returns the beginning of an endpoint's query string.
func requiredParameters(path string) string {
	if path == "/customer-usage-data" {
		return "?page=1&pageSize=100"
	}
	return "?"
}

// restRows returns a record of Anna and one of Berta from the operator's answer.
func (g *isolationServer) restRows(path string) (annaRow, bertaRow object) {
	g.t.Helper()
	_, body := g.get(g.operatorSecret, path+requiredParameters(path))
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
			annaRow = row
		} else if strings.Contains(string(text), g.berta.word) {
			bertaRow = row
		}
	}
	if annaRow == nil || bertaRow == nil {
		g.t.Fatalf("%s shows the operator %.300s", path, body)
	}
	return annaRow, bertaRow
}

func (g *isolationServer) decode(text string, into any) {
	g.t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(into); err != nil {
		g.t.Fatalf("%v: %.300s", err, text)
	}
}

// getParameter sends a request with a parameter as Anna's client, checks the answer and returns it.
func (g *isolationServer) getParameter(path, name, value string) string {
	g.t.Helper()
	target := path + requiredParameters(path) + "&" + url.QueryEscape(name) + "=" + url.QueryEscape(value)
	if strings.Contains(requiredParameters(path), "&"+name+"=") || strings.Contains(requiredParameters(path), "?"+name+"=") {
		target = path + "?page=1&pageSize=1"
	}
	status, body := g.get(g.annaSecret, target)
	g.check(target, body, value, url.QueryEscape(value))
	return strings.ReplaceAll(fmt.Sprint(status, " ", body), url.QueryEscape(value), value)
}

// compareValues sends requests with an own, a foreign and an absent value in one form.
func (g *isolationServer) compareValues(path, name, form string, exact bool, own, others, absent string) {
	g.t.Helper()
	what := path + " " + name + " " + form
	mine := g.getParameter(path, name, fmt.Sprintf(form, own))
	if exact && !strings.Contains(mine, g.anna.word) {
		g.t.Errorf("%s shows no own record: %.300s", what, mine)
	}
	another := g.getParameter(path, name, fmt.Sprintf(form, others))
	if nothing := g.getParameter(path, name, fmt.Sprintf(form, absent)); exact {
		g.checkSame(what, another, others, nothing, absent)
	}
}

func TestAllRESTParametersShowOnlyOwnRecords(t *testing.T) {
	t.Parallel()
	documented := documentedParameters(t)
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		for path, parameters := range restParameters {
			if names := documented[path]; len(names) != len(parameters) {
				t.Errorf("%s: %v are documented, %d are tested", path, names, len(parameters))
			}
			annaRow, bertaRow := g.restRows(path)
			for name, p := range parameters {
				for _, value := range p.values {
					g.getParameter(path, name, value)
				}
				for _, form := range p.forms {
					absent := "1599999999"
					if strings.Contains(strings.ToLower(p.field), "date") {
						absent = "2044-05-05T05:05:05Z"
					}
					g.compareValues(path, name, form, p.exact, fmt.Sprint(annaRow[p.field]), fmt.Sprint(bertaRow[p.field]), absent)
				}
			}
			for name := range annaRow {
				g.getParameter(path, "fields", name)
				for _, order := range []string{"sort", "orderBy", "orderByDesc"} {
					if _, ok := parameters[order]; ok {
						g.getParameter(path, order, name)
					}
				}
			}
		}
	})
}

// documentedParameters returns the query parameters in the OpenAPI document by path.
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
		rest := strings.HasSuffix(path, "/{id}") || strings.HasSuffix(path, "/describe") || strings.HasPrefix(path, "/dxp") || strings.HasPrefix(path, "/import/") || path == "/tokens"
		if _, tested := restParameters[path]; !tested && !rest {
			t.Errorf("%s is not tested", path)
		}
	}
	return documented
}

func TestAllSTNConditionsShowOnlyOwnRecords(t *testing.T) {
	t.Parallel()
	const path = "/api/QueryUsageSubscription"
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		annaRow, bertaRow := g.restRows(path)
		w := newSchemaWalker()
		annaSubscription, bertaSubscription, _ := g.sampleRows(w, "subscriptions", w.Types["ServiceSubscription"])
		summary, bertaSummary, _ := g.sampleRows(w, "usageSummaries", w.Types["UsageSummary"])
		annaRow["simCardNumber"], bertaRow["simCardNumber"] = annaSubscription["simCardNumber"], bertaSubscription["simCardNumber"]
		annaRow["phoneNumber"], bertaRow["phoneNumber"] = summary["phoneNumber"], bertaSummary["phoneNumber"]
		for name, own := range annaRow {
			others, text := fmt.Sprint(bertaRow[name]), true
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
					g.compareValues(path, name+suffix, "%s", suffix != "NotEqualTo", fmt.Sprint(own), others, absent)
				}
			}
			for _, suffix := range []string{"GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo"} {
				g.compareValues(path, name+suffix, "%s", false, fmt.Sprint(own), others, absent)
			}
			g.getParameter(path, name+"Between", others+","+others)
			g.getParameter(path, name+"IsNull", "true")
			g.getParameter(path, name+"IsNotNull", "true")
			g.getParameter(path, "include", fmt.Sprintf("COUNT(*),COUNT(%[1]s),SUM(%[1]s),AVG(%[1]s),MIN(%[1]s),MAX(%[1]s)", name))
			for _, function := range []string{"COUNT", "MIN", "MAX"} {
				g.getParameter(path, "include", function+"("+name+")")
			}
		}
		if got := g.getParameter(path, "include", "COUNT(*) as n"); !strings.Contains(got, `"total":2`) || !strings.Contains(got, `"n":"2"`) {
			t.Errorf("foreign records are counted: %s", got)
		}
	})
}

func TestPathOfForeignRecordEqualsAbsentRecord(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		w := newSchemaWalker()
		annaRow, bertaRow := g.restRows("/brm/usageManagement/v4/usage")
		annaSubscription, bertaSubscription, unownedSubscription := g.sampleRows(w, "subscriptions", w.Types["ServiceSubscription"])
		report := "/dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifierType=%s&product.publicIdentifier="
		for _, test := range []struct {
			before string
			own    any
			others []any
		}{
			{"/brm/usageManagement/v4/usage/", annaRow["id"], []any{bertaRow["id"]}},
			{"/tmf-api/usageManagement/v4/usage/", annaRow["id"], []any{bertaRow["id"]}},
			{fmt.Sprintf(report, "MSISDN"), annaSubscription["phoneNumber"], []any{bertaSubscription["phoneNumber"], unownedSubscription["phoneNumber"]}},
			{fmt.Sprintf(report, "SubscriptionId"), annaSubscription["sourceId"], []any{bertaSubscription["sourceId"], unownedSubscription["sourceId"]}},
		} {
			request := func(value any) string {
				status, body := g.get(g.annaSecret, test.before+fmt.Sprint(value))
				g.check(test.before, body, fmt.Sprint(value))
				return fmt.Sprint(status, " ", body)
			}
			if own := request(test.own); !strings.HasPrefix(own, "200") || !strings.Contains(own, g.anna.word) {
				t.Errorf("%s shows no own record: %.300s", test.before, own)
			}
			for _, other := range test.others {
				g.checkSame(test.before, request(other), fmt.Sprint(other), request("1599999999"), "1599999999")
			}
		}
		// A disputed number, or one that is now Berta's, looks as if it did not exist.
		for _, number := range []string{disputedNumber, movedNumber} {
			status, body := g.get(g.annaSecret, fmt.Sprintf(report, "MSISDN")+number)
			_, absent := g.get(g.annaSecret, fmt.Sprintf(report, "MSISDN")+"1599999999")
			if g.checkSame(number, body, number, absent, "1599999999"); status != http.StatusNotFound {
				t.Errorf("a number of several customers: %d %s", status, body)
			}
		}
	})
}

func TestCostIsShownOnlyWithPermission(t *testing.T) {
	t.Parallel()
	const prices = "{usageRecords(first: 100) {nodes {rated {taxExcluded {amount} %s} extensions {name value}}}}"
	eachDatabase(t, func(t *testing.T, store *db.Store) {
		g := newIsolationServer(t, store)
		for _, field := range []string{"cost {amount}", "ratedCost {amount}", "profit {amount}", "profitPercentage", "marginPercentage"} {
			document := fmt.Sprintf(prices, field)
			hidden := parse(t, g.query(g.annaSecret, document, nil))
			name, _, _ := strings.Cut(field, " ")
			if price := at(hidden.Data, "usageRecords", "nodes", "rated"); at(price, name) != nil || at(price, "taxExcluded", "amount") == nil || !slices.Equal(hidden.codes(), []string{"FORBIDDEN"}) {
				t.Errorf("%s: %v", field, hidden)
			}
			for _, secret := range []string{g.annaCostSecret, g.operatorSecret} {
				shown := g.query(secret, document, nil)
				if !strings.Contains(shown, fmt.Sprint(costDigits)) || !strings.Contains(shown, costWord) || strings.Contains(shown, `"errors"`) {
					t.Errorf("%s is hidden: %.300s", field, shown)
				}
			}
		}
		if plain := g.query(g.annaSecret, fmt.Sprintf(prices, ""), nil); strings.Contains(plain, `"errors"`) {
			t.Errorf("an error without a field of cost: %.300s", plain)
		}
		for _, field := range []string{"buyPrice", "ratedBuyPrice", "profit", "profitPercentage", "marginPercentage"} {
			for secret, want := range map[string]int{g.annaSecret: http.StatusForbidden, g.annaCostSecret: http.StatusOK} {
				if status, body := g.get(secret, "/customer-usage-data?page=1&pageSize=10&sort="+field+":desc"); status != want {
					t.Errorf("sort by %s: %d %.300s", field, status, body)
				}
			}
		}
		if _, body := g.get(g.annaCostSecret, "/customer-usage-data?page=1&pageSize=10"); !hiddenCost.MatchString(body) || foreignData.MatchString(body) {
			t.Errorf("with permission to see cost: %.600s", body)
		}
	})
}
