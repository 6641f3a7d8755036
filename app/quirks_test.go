package app

import (
	"maps"
	"net/http"
	"net/http/httputil"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// expectation is a status, and text that an answer, including its headers, must contain and must not contain.
type expectation struct {
	status   int
	has, not string
}

// quirks are debatable behaviours, each with the flag that changes it, a request, and the answers by default and with
// the flag.
var quirks = []struct {
	flag, path             string
	byDefault, withSetting expectation
}{
	{"--partial-content", "/brm/usageManagement/v4/usage?limit=1", expectation{200, "", ""}, expectation{206, "", ""}},
	{"--elevate-total-count", "/customer-usage-data?page=1&pageSize=1", expectation{200, "", "X-Total-Count"}, expectation{200, "X-Total-Count: 1", ""}},
	{"--dxp-unauthorized=corrected", "/dxp-ux/v1/PR/usageConsumptionReport", expectation{401, `"code":404`, ""}, expectation{401, `"code":401`, ""}},
	{"--brm-nulls=omitted", "/brm/usageManagement/v4/usage?limit=1000", expectation{200, `"@schemaLocation":null`, ""}, expectation{200, `"usageRatingTag"`, ":null"}},
	{"--stn-order=first", "/api/QueryUsageSubscription?fields=id&orderBy=yearMonth&orderByDesc=id",
		expectation{200, `[{"id":"RMBQxre4zFPscwudq"},{"id":"FD8i9Pbn0Gx6qzzxf"}`, ""}, expectation{200, `[{"id":"RMBQxre4zFPscwudq"},{"id":"5xIvCTJsbkPHRzw9Y"}`, ""}},
	{"--stn-total=included", "/api/QueryUsageSubscription?take=0", expectation{200, `"total":3`, ""}, expectation{200, `"offset":0`, `"total"`}},
	{"--stn-take=refused", "/api/QueryUsageSubscription?take=1001", expectation{200, "", ""}, expectation{400, "take: want at most 1000", ""}},
}

// unknownParameters maps requests with an unknown parameter to their statuses by default.
var unknownParameters = map[string]int{
	"/customer-usage-data?page=1&pageSize=1&_=1": 400,
	"/brm/usageManagement/v4/usage?_=1":          400,
	"/brm/usageManagement/v4/usage/describe?_=1": 400,
	"/tmf-api/usageManagement/v4/usage?_=1":      400,
	"/api/QueryUsageSubscription?_=1":            200,
	"/api/QueryUsageSubscription.csv?_=1":        200,
	"/dxp-ux/v1/PR/usageConsumptionReport?_=1&product.publicIdentifier=8201&product.publicIdentifierType=MSISDN": 200,
}

func TestQuirkSettings(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "test.db")
	for _, source := range []string{"brm", "elevate", "stn", "dxp"} {
		if printed, err := runCommand(t, "", "--database", database, "import", source, sample(t, source+"/sample")); err != nil {
			t.Fatal(err, printed)
		}
	}
	withHeaders, without := maps.Clone(dxpHeaders), map[string]string{}
	check := func(base, path string, headers map[string]string, want expectation) {
		t.Helper()
		if status, text := dumpResponse(t, base+path, headers); status != want.status || !strings.Contains(text, want.has) || want.not != "" && strings.Contains(text, want.not) {
			t.Errorf("%s: %s, want %+v", path, text, want)
		}
	}
	base, _ := start(t, "--database", database)
	for _, q := range quirks {
		check(base, q.path, without, q.byDefault)
	}
	for path, status := range unknownParameters {
		check(base, path, withHeaders, expectation{status: status})
	}
	for _, q := range quirks {
		base, _, stop := startWithOutput(t, "--database", database, q.flag)
		check(base, q.path, without, q.withSetting)
		stop()
	}
	for value, status := range map[string]int{"ignored": 200, "refused": 400} {
		base, _, stop := startWithOutput(t, "--database", database, "--unknown-parameters="+value)
		for path := range unknownParameters {
			check(base, path, withHeaders, expectation{status: status})
		}
		stop()
	}
}

// dumpResponse sends a request and returns the status, and the answer with its headers as text.
func dumpResponse(t *testing.T, address string, headers map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header[name] = []string{value}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := httputil.DumpResponse(answer, true)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestQuirksDocumentListsSettingsAndTests checks that docs/quirks.md lists all flags and that the tests in it exist.
func TestQuirksDocumentListsSettingsAndTests(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../docs/quirks.md")
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{"--unknown-parameters"}
	for _, q := range quirks {
		flag, _, _ := strings.Cut(q.flag, "=")
		flags = append(flags, flag)
	}
	for _, flag := range flags {
		if !strings.Contains(string(document), "`"+flag) {
			t.Errorf("docs/quirks.md does not list %s", flag)
		}
	}
	var code strings.Builder
	for _, pattern := range []string{"*_test.go", "../sources/*/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(text)
		}
	}
	for _, name := range regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(string(document), -1) {
		if !strings.Contains(code.String(), "func "+name[1]+"(") {
			t.Errorf("docs/quirks.md: unknown test %s", name[1])
		}
	}
}
