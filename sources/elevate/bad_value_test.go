package elevate_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestInvalidParametersAreRejectedByName(t *testing.T) {
	const (
		page  = "page: want a whole number from 1 to 2147483647"
		size  = "pageSize: want a whole number from 1 to 1000"
		id    = ": want an id: a whole number"
		noUse = ": no value: give one, or leave the parameter out"
		date  = ": want a date and time with its offset, such as 2025-01-31T22:15:00Z"
		name  = ": want names of fields of the response"
		bytes = ": text must be UTF-8 without NUL characters"
		twice = ": given more than once"
	)
	tests := []struct{ query, want string }{
		{"", "page: missing"},
		{"pageSize=10", "page: missing"},
		{"page=1", "pageSize: missing"},
		{"page=0&pageSize=10", page}, {"page=-1&pageSize=10", page}, {"page=1.0&pageSize=10", page}, {"page=one&pageSize=10", page},
		{"page=&pageSize=10", "page" + noUse}, {"page=2147483648&pageSize=10", page}, {"page=99999999999999999999&pageSize=10", page},
		{"page=1&page=2&pageSize=10", "page" + twice},
		{"page=1&pageSize=0", size}, {"page=1&pageSize=1001", size}, {"page=1&pageSize=ten", size}, {"page=1&pageSize=", "pageSize" + noUse},
		{"page=1&pageSize=10&pageSize=10", "pageSize" + twice},
		{"&sort=name", "sort" + name}, {"&sort=id,", "sort" + name}, {"&sort=ID", "sort" + name}, {"&sort=id:asc", "sort" + name},
		{"&sort=id:desc:desc", "sort" + name}, {"&sort=", "sort" + noUse}, {"&sort=id,siteId,id:desc", "sort: a field is named twice"},
		{"&sort=id%00", "sort" + bytes}, {"&sort=id;drop", "the query string is malformed: percent signs and semicolons must be escaped"},
		{"&fields=id,name", "fields" + name}, {"&fields=", "fields" + noUse}, {"&fields=,", "fields" + name}, {"&fields=id:desc", "fields" + name},
		{"&fields=id%ff", "fields" + bytes},
		{"&customerId=x", "customerId" + id}, {"&customerId=", "customerId" + noUse}, {"&customerId=in:1,2", "customerId" + id},
		{"&customerId=9223372036854775808", "customerId" + id}, {"&customerId=1&customerId=2", "customerId" + twice},
		{"&siteId=1.5", "siteId" + id}, {"&siteId=", "siteId" + noUse}, {"&siteId=1&siteId=1", "siteId" + twice},
		{"&billRunId=%001", "billRunId" + bytes}, {"&billRunId=0x1", "billRunId" + id},
		{"&productReference=", "productReference" + noUse}, {"&productReference=in:", "productReference: want in: and values separated by commas"},
		{"&productReference=a&productReference=b", "productReference" + twice}, {"&productReference=like:", "productReference: want like: and a pattern"},
		{"&serviceId=in:a,,b", "serviceId: want in: and values separated by commas"}, {"&serviceId=%ff", "serviceId" + bytes},
		{"&serviceId=in:a,%00", "serviceId" + bytes}, {"&destination=like:%00", "destination" + bytes}, {"&destination=%C3%28", "destination" + bytes},
		{"&destination=like:" + strings.Repeat("x", 899), "destination: want a pattern of at most 900 bytes"},
		{`&destination=like:` + strings.Repeat(`\`, 450), "destination: want a pattern of at most 900 bytes"},
		{"&eventDateFrom=2025-03-01", "eventDateFrom" + date}, {"&eventDateFrom=2025-03-01T10:00:00", "eventDateFrom" + date},
		{"&eventDateFrom=gte:2025-03-01T10:00:00Z", "eventDateFrom" + date}, {"&eventDateFrom=lt:", "eventDateFrom" + date},
		{"&eventDateFrom=2025-02-30T10:00:00Z", "eventDateFrom" + date}, {"&eventDateFrom=", "eventDateFrom" + noUse},
		{"&eventDateTo=yesterday", "eventDateTo" + date}, {"&eventDateTo=2025-03-01+10:00:00Z", "eventDateTo" + date},
		{"&eventDateTo=2025-03-01T10:00:00.1234567Z", "eventDateTo: times are kept to the microsecond: at most six decimal places"},
		{"&eventDateTo=0001-01-01T00:00:00%2B01:00", "eventDateTo: want a time in UTC between the years 0001 and 9999"},
		{"&excludeZeroValueRecords=1", "excludeZeroValueRecords: want true or false"}, {"&excludeZeroValueRecords=TRUE", "excludeZeroValueRecords: want true or false"},
		{"&excludeZeroValueRecords=", "excludeZeroValueRecords" + noUse}, {"&excludeZeroValueRecords=true&excludeZeroValueRecords=true", "excludeZeroValueRecords" + twice},
		{"&customerid=1", "customerid: unknown parameter"}, {"&limit=5", "limit: unknown parameter"}, {"&=5", "unknown parameter"},
		{"&%3Cscript%3E=5", "unknown parameter"}, {"&%ff%00=5", "the names of parameters must be UTF-8 without NUL characters"},
		{"&serviceId=%zz", "the query string is malformed: percent signs and semicolons must be escaped"},
	}
	eachDatabase(t, func(t *testing.T, h http.Handler) {
		for _, tt := range tests {
			query := tt.query
			if strings.HasPrefix(query, "&") {
				query = "page=1&pageSize=10" + query
			}
			checkProblem(t, h, http.MethodGet, query, http.StatusBadRequest, `{"error":"Bad Request","message":"`+tt.want+`","status":400}`)
		}
	})
}

// checkProblem checks the status and body of an error response, and returns its headers.
func checkProblem(t *testing.T, h http.Handler, method, query string, status int, body string) http.Header {
	t.Helper()
	w := request(h, method, query)
	if w.Code != status || w.Body.String() != body || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%s %s: got %d %s, want %d %s", method, query, w.Code, w.Body, status, body)
	}
	return w.Header()
}
