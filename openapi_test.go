package main

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"usagegraph/web"
)

// answers are requests to the shims and the statuses that they have.
var answers = []struct {
	request string
	status  int
}{
	{"GET /customer-usage-data?page=1&pageSize=1000", 200},
	{"GET /customer-usage-data?page=1&pageSize=5&sort=sellPrice:desc,id&fields=id,sellPrice", 200},
	{"GET /customer-usage-data?page=1&pageSize=5&destination=like:44&eventDateFrom=gt:2025-06-01T00:00:00Z&excludeZeroValueRecords=true", 200},
	{"GET /customer-usage-data?page=99&pageSize=1000", 200},
	{"GET /customer-usage-data?page=1", 400},
	{"GET /customer-usage-data?page=1&pageSize=1&sort=nonsense", 400},
	{"GET /brm/usageManagement/v4/usage?limit=400", 200},
	{"GET /brm/usageManagement/version/usage?limit=2&fields=type,status", 200},
	{"GET /brm/usageManagement/version/usage?@type=UsageOracle&limit=10", 200},
	{"GET /brm/usageManagement/v4/usage?limit=-1", 400},
	{"GET /brm/usageManagement/v4/usage/nonsense", 404},
	{"GET /brm/usageManagement/v4/usage/describe?@type=Usage", 200},
	{"GET /tmf-api/usageManagement/v4/usage?limit=400", 200},
	{"GET /tmf-api/usageManagement/v4/usage?usageDate.gte=2025-06-01T00:00:00Z&limit=3&offset=2", 200},
	{"GET /tmf-api/usageManagement/v4/usage?usageDate.gte=yesterday", 400},
	{"GET /tmf-api/usageManagement/v4/usage?status=rated", 400},
	{"GET /api/QueryUsageSubscription?take=1000", 200},
	{"GET /api/QueryUsageSubscription?take=3&fields=id,usageHomeData&orderByDesc=usageHomeData", 200},
	{"GET /api/QueryUsageSubscription?take=0&include=COUNT(*),SUM(amountTotalUsage),AVG(usageHomeData)+as+Average", 200},
	{"GET /api/QueryUsageSubscription?take=all", 400},
	{"GET /api/QueryUsageSubscription?orderBy=nonsense", 400},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=S-1001&product.publicIdentifierType=SubscriptionId", 200},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=8201&product.publicIdentifierType=MSISDN", 200},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=xxxx&product.publicIdentifierType=MSISDN", 400},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=nobody&product.publicIdentifierType=SubscriptionId", 404},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport", 400},
	{"GET /dxp-ux/v1/TT/usageConsumptionReport?product.publicIdentifier=S-1001&product.publicIdentifierType=SubscriptionId", 404},
}

// dxpHeaders are what dxp's endpoint asks for.
var dxpHeaders = map[string]string{"client_id": "app", "client_secret": "secret", "channelId": "APP", "targetSystem": "Matrixx"}

func TestTheShimsAnswerAsTheOpenAPIDocumentSays(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	document.Servers = nil
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(document)
	if err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(t.TempDir(), "test.db")
	for _, source := range []string{"brm", "elevate", "stn", "dxp"} {
		if printed, err := runCommand(t, "", "--database", database, "import", source, sample(t, source+"/sample")); err != nil {
			t.Fatal(err, printed)
		}
	}
	if printed, err := runCommand(t, "", "--database", database, "demo"); err != nil {
		t.Fatal(err, printed)
	}
	base, _ := start(t, "--database", database)
	for _, a := range answers {
		method, target, _ := strings.Cut(a.request, " ")
		request, err := http.NewRequestWithContext(t.Context(), method, base+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range dxpHeaders {
			request.Header[name] = []string{value}
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode != a.status {
			t.Errorf("%s: %d %.300s", a.request, answer.StatusCode, body)
			continue
		}
		relative := request.Clone(t.Context())
		relative.URL.Scheme, relative.URL.Host, relative.Host = "", "", ""
		route, parameters, err := router.FindRoute(relative)
		if err != nil {
			t.Errorf("%s: %v", a.request, err)
			continue
		}
		err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: relative, PathParams: parameters, Route: route},
			Status:                 answer.StatusCode, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(body)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		})
		if err != nil {
			t.Errorf("%s: %v", a.request, err)
		}
	}
}
