package stn_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/stn"
)

func TestInvalidParametersAreRejected(t *testing.T) {
	tests := []struct{ query, field, message string }{
		{"take=-1", "take", "want a whole number from 0"},
		{"take=ten", "take", "want a whole number from 0"},
		{"skip=1.5", "skip", "want a whole number from 0"},
		{"SKIP=%2B1", "skip", "want a whole number from 0"},
		{"take=1&Take=2", "take", "given more than once"},
		{"id=1&id=2", "id", "given more than once"},
		{"meta=1&meta=2", "meta", "given more than once"},
		{"usageHomeDataLessThan=1&usagehomedataLessThan=1", "usageHomeDataLessThan", "given more than once"},
		{"idIn=[]", "idIn", `want a list such as a,b or [a,"b,c"]: the list is empty`},
		{"usageHomeDataIn=,", "usageHomeDataIn", `want a list such as a,b or [a,"b,c"]: the list is empty`},
		{"id=%00", "id", "text must be UTF-8 without NUL characters"},
		{"customerIdLike=%ff", "customerIdLike", "text must be UTF-8 without NUL characters"},
		{"orderBy=%00", "orderBy", "text must be UTF-8 without NUL characters"},
		{"meta=%ff", "meta", "text must be UTF-8 without NUL characters"},
		{"orderBy=nonsense", "orderBy", "want fields of the response that are not lists, such as yearMonth,-usageHomeData"},
		{"orderByDesc=yearMonth,usageDetails", "orderByDesc", "want fields of the response that are not lists, such as yearMonth,-usageHomeData"},
		{"orderBy=simCardNumber", "orderBy", "want fields of the response that are not lists, such as yearMonth,-usageHomeData"},
		{"orderBy=--id", "orderBy", "want fields of the response that are not lists, such as yearMonth,-usageHomeData"},
		{"fields=id,nonsense", "fields", "want fields of the response, such as id,yearMonth"},
		{"fields=simCardNumber", "fields", "want fields of the response, such as id,yearMonth"},
		{"include=SUM(id)", "include", "the function does not apply to this field"},
		{"include=MAX(isGroupSim)", "include", "the function does not apply to this field"},
		{"include=COUNT(usageDetails)", "include", "the function does not apply to this field"},
		{"usageHomeData=1,5", "usageHomeData", "want a decimal number, such as 12.50"},
		{"USAGEHOMEDATAGreaterThan=much", "usageHomeDataGreaterThan", "want a decimal number, such as 12.50"},
		{"amountPremiumGreaterThanOrEqual=x", "amountPremiumGreaterThanOrEqual", "want a decimal number, such as 12.50"},
		{"amountPremiumIn=1,x", "amountPremiumIn", "want a decimal number, such as 12.50"},
		{"amountPremiumBetween=1", "amountPremiumBetween", "want two values separated by a comma"},
		{"amountPremiumBetween=1,2,3", "amountPremiumBetween", "want two values separated by a comma"},
		{"amountPremium=0.12345678901234567891", "amountPremium", "a decimal has at most 19 significant digits and 19 decimal places"},
		{"amountPremiumStartsWith=1", "amountPremiumStartsWith", "want a text field for StartsWith, EndsWith, Contains and Like"},
		{"isGroupSim=2", "isGroupSim", "want true or false"},
		{"isGroupSimGreaterThan=true", "isGroupSimGreaterThan", "true and false have no order: use In or NotEqualTo"},
		{"isGroupSimContains=true", "isGroupSimContains", "want a text field for StartsWith, EndsWith, Contains and Like"},
		{"idIsNull=perhaps", "idIsNull", "want true or false"},
		{"idLike=a%5C", "idLike", `the pattern ends with a \ that escapes nothing`},
		{"idContains=" + strings.Repeat("x", 301), "idContains", "want at most 300 bytes of text"},
		{"idIn=" + strings.Repeat("x,", 1001), "idIn", "want at most 1000 values"},
		{"idIn=[R4", "idIn", `want a list such as a,b or [a,"b,c"]: a bracket is not closed`},
		{"idIn=[", "idIn", `want a list such as a,b or [a,"b,c"]: a bracket is not closed`},
		{"idIn=a,[b]", "idIn", `want a list such as a,b or [a,"b,c"]: a value that begins with a bracket needs double quotes`},
		{`ids="R4`, "ids", `want a list such as a,b or [a,"b,c"]: a double quote is not closed`},
		{`idIn="R4"R5`, "idIn", `want a list such as a,b or [a,"b,c"]: a comma must follow a value in double quotes`},
		{"usageHomeDataBetween=[1]", "usageHomeDataBetween", "want two values separated by a comma"},
		{"usageHomeData>=much", "usageHomeData>", "want a decimal number, such as 12.50"},
		{"minUsageHomeData=much", "MinUsageHomeData", "want a decimal number, such as 12.50"},
		{"usageDetailsIsNull", "usageDetailsIsNull", "cannot filter by a list"},
		{"include=SUM(nonsense)", "include", "want a function of a field of the response, such as SUM(usageHomeData)"},
		{"include=SUM(simCardNumber)", "include", "want a function of a field of the response, such as SUM(usageHomeData)"},
		{"include=SUM", "include", "want a field of the response as the argument, such as usageHomeData"},
		{"include=AVG(*)", "include", "want a field of the response as the argument, such as usageHomeData"},
		{"include=COUNT(DISTINCT+*)", "include", "want a field of the response as the argument, such as usageHomeData"},
		{"include=COUNT(id", "include", "want a function such as COUNT, SUM(usageHomeData) or COUNT(DISTINCT customerId) as Customers"},
		{"include=Total,COUNT(*)+as+1", "include", "want a function such as COUNT, SUM(usageHomeData) or COUNT(DISTINCT customerId) as Customers"},
		{"fields=DISTINCT", "fields", "want fields of the response, such as id,yearMonth"},
		{"fields=DISTINCT+,", "fields", "want fields after DISTINCT"},
		{"fields=id,DISTINCT+customerId", "fields", "want fields of the response, such as id,yearMonth"},
		{"fields=DISTINCT+id,usageDetails", "fields", "want fields of the response that are not lists, such as DISTINCT customerId,yearMonth"},
		{"fields=DISTINCT+customerId&orderByDesc=id", "orderBy", "with DISTINCT, want an order by the selected fields only"},
		{"format=xml", "format", "want csv or json"},
		{"format=csv&format=csv", "format", "given more than once"},
		{"yearMonth=2025_13", "yearMonth", "want a month, such as 2025_01"},
		{"yearMonthGreaterThan=2025", "yearMonthGreaterThan", "want a month, such as 2025_01"},
		{"usageDetailsIsNull=true", "usageDetailsIsNull", "cannot filter by a list"},
		{"usageDetails=1", "usageDetails", "cannot filter by a list"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, nil)
		for _, tt := range tests {
			message := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(tt.message)
			want := `{"responseStatus":{"errorCode":"BadRequest","message":"` + tt.field + ": " + message +
				`","errors":[{"errorCode":"BadRequest","fieldName":"` + tt.field + `","message":"` + message + `"}]}}`
			if w := request(h, http.MethodGet, tt.query); w.Code != http.StatusBadRequest || w.Body.String() != want {
				t.Errorf("%s: %d %s\nwant %s", tt.query, w.Code, w.Body, want)
			}
		}
		for _, query := range []string{"id=%zz", "id=1;take=2", "%"} {
			want := `{"responseStatus":{"errorCode":"BadRequest","message":"the query string is malformed: percent signs and semicolons must be escaped","errors":[]}}`
			if w := request(h, http.MethodGet, query); w.Code != http.StatusBadRequest || w.Body.String() != want {
				t.Errorf("%s: %d %s", query, w.Code, w.Body)
			}
		}
		for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodOptions} {
			want := `{"responseStatus":{"errorCode":"MethodNotAllowed","message":"want GET or HEAD","errors":[]}}`
			w := request(h, method, "")
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || w.Body.String() != want {
				t.Errorf("%s: %d %v %s", method, w.Code, w.Header(), w.Body)
			}
		}
	})
}

// TestUnknownFiltersAreRejected sends parameters that look like filters and are not.
func TestUnknownFiltersAreRejected(t *testing.T) {
	long := strings.Repeat("x", 65)
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := stn.Handler(store, stn.HandlerSettings{}, allCustomers, nil)
		for _, name := range []string{
			"usageHomeDataGreaterThn", "usageHomeDatagreaterthan", "minusagehomedata", "USAGEHOMEDATAgreaterTHAN", "usageHomeDataHasAll", "usageHomeDataLike%20",
			"idlike", "idsNotEqualTo", "idFoo", "id_in", "id%5B%5D", "id%23", "custmerId", "customer_id", "%3Fid", "requestId", "myYearMonth", "yearmonths2",
			"!id", "id%3C%3E", "usageHomeData%3E1000", "foo%3E", "%3Cfoo", "foo!", "usageHomeData%20%3E", "a%3E" + long, long + "Id",
		} {
			for _, value := range []string{"", "=", "=1"} {
				w := request(h, http.MethodGet, name+value)
				if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "unknown filter") {
					t.Errorf("%s%s: %d %s", name, value, w.Code, w.Body)
				}
				shown, _ := url.QueryUnescape(name)
				field, _ := json.Marshal(shown)
				if named := strings.Contains(w.Body.String(), `"fieldName":`+string(field)); named == (len(shown) > 64) {
					t.Errorf("%s: %s", name, w.Body)
				}
			}
		}
	})
}

func TestPhoneNumbersAreMasked(t *testing.T) {
	numbers := map[string]string{
		"06-12345678": "06-****5678", "097-123456154": "097-*****6154", "06-****7640": "06-****7640", "0612345678": "******5678",
		"+31612345678": "+*******5678", "+31 6 1234 5678": "+** * **** 5678", "06-12-34-56-78": "06-**-**-56-78", "112": "112",
	}
	var records []string
	for number := range numbers {
		records = append(records, `{"id": "`+number+`", "subscriptionId": "S", "customerId": "c", "yearMonth": "2025_01", "phoneNumber": "`+number+`"}`)
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := serve(t, store, records...)
		for number, want := range numbers {
			query := "fields=phoneNumber&id=" + strings.ReplaceAll(strings.ReplaceAll(number, "+", "%2B"), " ", "+")
			if got := get(t, h, query).Results; len(got) != 1 || string(got[0]) != `{"phoneNumber":"`+want+`"}` {
				t.Errorf("%s: got %s, want %s", number, got, want)
			}
		}
	})
}
