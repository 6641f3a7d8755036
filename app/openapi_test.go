package app

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"usagegraph/web"
)

// restRequests are requests to the REST endpoints and their statuses.
var restRequests = []struct {
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
	{"GET /api/QueryUsageSubscription?fields=DISTINCT+customerId,yearMonth&include=COUNT(DISTINCT+customerId)+Customers&minUsageHomeData=1", 200},
	{"GET /api/QueryUsageSubscription?take=3&format=csv", 200},
	{"GET /api/QueryUsageSubscription?take=all", 400},
	{"GET /api/QueryUsageSubscription?orderBy=nonsense", 400},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=S-1001&product.publicIdentifierType=SubscriptionId", 200},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=8201&product.publicIdentifierType=MSISDN", 200},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=xxxx&product.publicIdentifierType=MSISDN", 400},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport?product.publicIdentifier=nobody&product.publicIdentifierType=SubscriptionId", 404},
	{"GET /dxp-ux/v1/PR/usageConsumptionReport", 400},
	{"GET /dxp-ux/v1/TT/usageConsumptionReport?product.publicIdentifier=S-1001&product.publicIdentifierType=SubscriptionId", 404},
}

// dxpHeaders are the required headers of dxp's endpoint.
var dxpHeaders = map[string]string{"client_id": "app", "client_secret": "secret", "channelId": "APP", "targetSystem": "Matrixx"}

// openAPIRouter returns the routes of the OpenAPI document.
func openAPIRouter(t *testing.T) routers.Router {
	t.Helper()
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
	return router
}

// validateResponse checks an answer against the document.
func validateResponse(t *testing.T, router routers.Router, target string, status int, header http.Header, body []byte) error {
	t.Helper()
	method := http.MethodGet
	if strings.HasPrefix(target, "/import/") {
		method = http.MethodPost
	}
	request := httptest.NewRequest(method, target, nil)
	request.Host = ""
	route, parameters, err := router.FindRoute(request)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route},
		Status:                 status, Header: header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
}

func TestGoldenAnswersMatchOpenAPI(t *testing.T) {
	t.Parallel()
	router := openAPIRouter(t)
	const sample, schema, report = "/brm/usageManagement/version/usage", "/tmf-api/usageManagement/v4/usage", "/dxp-ux/v1/PR/usageConsumptionReport"
	for _, golden := range []struct {
		files, target string
		status        int
	}{
		{"elevate/testdata/answers/*.json", "/customer-usage-data", 200}, {"elevate/sample/*.json", "/customer-usage-data", 200},
		{"stn/testdata/answers/*.json", "/api/QueryUsageSubscription", 200}, {"stn/sample/*.json", "/api/QueryUsageSubscription", 200},
		{"brm/testdata/answers/sample-[^do]*.json", sample, 200}, {"brm/testdata/answers/sample-oracle.json", sample, 200},
		{"brm/testdata/answers/sample-one.json", sample + "/1", 200}, {"brm/testdata/answers/sample-describe*.json", sample + "/describe", 200},
		{"brm/testdata/answers/schema-[^do]*.json", schema, 200}, {"brm/testdata/answers/schema-oracle.json", schema, 200},
		{"brm/testdata/answers/schema-one.json", schema + "/1", 200}, {"brm/testdata/answers/schema-describe*.json", schema + "/describe", 200},
		{"dxp/sample/*.json", report, 200}, {"dxp/testdata/usage-consumption-error-400.json", report, 400},
		{"dxp/testdata/usage-consumption-error-401.json", report, 401}, {"dxp/testdata/usage-consumption-error-404.json", report, 404},
		{"dxp/testdata/usage-consumption-error-method.json", report, 404},
	} {
		files, err := filepath.Glob("../sources/" + golden.files)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no such files, %v", golden.files, err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			header := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "X-Correlation-Id": {"1"}, "Etag": {`W/"1"`},
				"X-Total-Count": {"1"}, "X-Result-Count": {"1"}}
			if err := validateResponse(t, router, golden.target, golden.status, header, body); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestRESTAnswersMatchOpenAPI(t *testing.T) {
	t.Parallel()
	router := openAPIRouter(t)
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
	for _, a := range restRequests {
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
		err = validateResponse(t, router, target, answer.StatusCode, answer.Header, body)
		if err != nil {
			t.Errorf("%s: %v", a.request, err)
		}
	}
}

func TestImportAnswersMatchOpenAPI(t *testing.T) {
	t.Parallel()
	router := openAPIRouter(t)
	base, _ := start(t, "--database", filepath.Join(t.TempDir(), "test.db"))
	for _, document := range []string{calls(1, 2) + "{}", "[" + calls(1, 1), "<xml/>"} {
		a := post(t, base+"/import/elevate", strings.NewReader(document))
		if err := validateResponse(t, router, "/import/elevate", a.Status, http.Header{"Content-Type": {"application/json"}}, []byte(a.Text)); err != nil {
			t.Errorf("%.20s: %v", document, err)
		}
	}
}
