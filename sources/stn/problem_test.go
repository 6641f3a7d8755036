package stn_test

import (
	"net/http"
	"strings"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/sources/stn"
)

func TestWhatIsRefused(t *testing.T) {
	tests := []struct{ query, field, message string }{
		{"take=-1", "take", "want a whole number, 0 or more"},
		{"take=ten", "take", "want a whole number, 0 or more"},
		{"skip=1.5", "skip", "want a whole number, 0 or more"},
		{"SKIP=%2B1", "skip", "want a whole number, 0 or more"},
		{"take=1&Take=2", "take", "given more than once"},
		{"id=1&id=2", "id", "given more than once"},
		{"meta=1&meta=2", "meta", "given more than once"},
		{"usageHomeDataLessThan=1&usagehomedataLessThan=1", "usageHomeDataLessThan", "given more than once"},
		{"id=%00", "id", "text must be UTF-8 without NUL characters"},
		{"customerIdLike=%ff", "customerIdLike", "text must be UTF-8 without NUL characters"},
		{"orderBy=%00", "orderBy", "text must be UTF-8 without NUL characters"},
		{"meta=%ff", "meta", "text must be UTF-8 without NUL characters"},
		{"orderBy=nonsense", "orderBy", "want fields of the answer that are no lists, such as yearMonth,-usageHomeData"},
		{"orderByDesc=yearMonth,usageDetails", "orderByDesc", "want fields of the answer that are no lists, such as yearMonth,-usageHomeData"},
		{"orderBy=simCardNumber", "orderBy", "want fields of the answer that are no lists, such as yearMonth,-usageHomeData"},
		{"orderBy=--id", "orderBy", "want fields of the answer that are no lists, such as yearMonth,-usageHomeData"},
		{"fields=id,nonsense", "fields", "want fields of the answer, such as id,yearMonth"},
		{"fields=simCardNumber", "fields", "want fields of the answer, such as id,yearMonth"},
		{"include=SUM(id)", "include", "this function is not for this field"},
		{"include=MAX(isGroupSim)", "include", "this function is not for this field"},
		{"include=COUNT(usageDetails)", "include", "this function is not for this field"},
		{"usageHomeData=1,5", "usageHomeData", "want a decimal number, such as 12.50"},
		{"USAGEHOMEDATAgreaterTHAN=much", "usageHomeDataGreaterThan", "want a decimal number, such as 12.50"},
		{"amountPremiumGreaterThanOrEqual=x", "amountPremiumGreaterThanOrEqualTo", "want a decimal number, such as 12.50"},
		{"amountPremiumIn=1,x", "amountPremiumIn", "want a decimal number, such as 12.50"},
		{"amountPremiumBetween=1", "amountPremiumBetween", "want two values with a comma between them"},
		{"amountPremiumBetween=1,2,3", "amountPremiumBetween", "want two values with a comma between them"},
		{"amountPremium=0.12345678901234567891", "amountPremium", "a decimal has at most 19 significant digits and 19 decimal places"},
		{"amountPremiumStartsWith=1", "amountPremiumStartsWith", "only text has parts that can be compared"},
		{"isGroupSim=2", "isGroupSim", "want true or false"},
		{"isGroupSimGreaterThan=true", "isGroupSimGreaterThan", "yes and no have no order: use In or NotEqualTo"},
		{"isGroupSimContains=true", "isGroupSimContains", "only text has parts that can be compared"},
		{"idIsNull=perhaps", "idIsNull", "want true or false"},
		{"idLike=a%5C", "idLike", `the pattern ends with a \ that has nothing to escape`},
		{"idContains=" + strings.Repeat("x", 301), "idContains", "want at most 300 bytes of text"},
		{"idIn=" + strings.Repeat("x,", 1001), "idIn", "want at most 1000 values"},
		{"yearMonth=2025_13", "yearMonth", "want a month, such as 2025_01"},
		{"yearMonthGreaterThan=2025", "yearMonthGreaterThan", "want a month, such as 2025_01"},
		{"usageDetailsIsNull=true", "usageDetailsIsNull", "a list cannot be filtered by"},
		{"usageDetails=1", "usageDetails", "a list cannot be filtered by"},
	}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		h := stn.Handler(store, everyone, nil)
		for _, tt := range tests {
			message := strings.ReplaceAll(tt.message, `\`, `\\`)
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
			want := `{"responseStatus":{"errorCode":"MethodNotAllowed","message":"this service answers GET and HEAD","errors":[]}}`
			w := request(h, method, "")
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" || w.Body.String() != want {
				t.Errorf("%s: %d %v %s", method, w.Code, w.Header(), w.Body)
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
