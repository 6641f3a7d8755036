package elevate_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
	"usagegraph/sources/sourcetest"
)

func TestCustomerAndSubscription(t *testing.T) {
	text := func(s string) *string { return &s }
	phone := func(s string, name db.SubscriptionName) *ingest.Subscription {
		return &ingest.Subscription{Number: name, PhoneNumber: text(s)}
	}
	tests := []struct {
		name, patch string
		customer    *ingest.Customer
		want        *ingest.Subscription
	}{
		{"0 is a customer", `{"customerId": 0, "serviceId": null}`, &ingest.Customer{ID: "0"}, nil},
		{"neither customer nor subscription", `{"customerId": null, "serviceId": ""}`, nil, nil},
		{"a national number", `{"customerId": 17, "serviceId": "01632 960 001"}`, &ingest.Customer{ID: "17"}, phone("01632 960 001", "+441632960001")},
		{"an international number", `{"customerId": null, "serviceId": "+44 (1632) 960-001"}`, nil, phone("+44 (1632) 960-001", "+441632960001")},
		{"a number in brackets", `{"customerId": null, "serviceId": "(01632) 960001"}`, nil, phone("(01632) 960001", "+441632960001")},
		{"digits with a country code", `{"customerId": null, "serviceId": "441632960001"}`, nil, phone("441632960001", "+441632960001")},
		{"a local number", `{"customerId": null, "serviceId": "8201"}`, nil, phone("8201", "elevate:8201")},
		{"a circuit of digits", `{"customerId": null, "serviceId": "20018"}`, nil, phone("20018", "elevate:20018")},
		{"sixteen digits are too many", `{"customerId": null, "serviceId": "0123456789012345"}`, nil, phone("0123456789012345", "elevate:0123456789012345")},
		{"a circuit id", `{"customerId": null, "serviceId": "ETH-20018/A"}`, nil, &ingest.Subscription{OwnID: "ETH-20018/A"}},
		{"a card", `{"customerId": null, "serviceId": "8944 1000 3000 0001 234"}`, nil,
			&ingest.Subscription{Card: "sim:8944100030000001234", SimCardNumber: text("8944 1000 3000 0001 234")}},
		{"a masked number identifies none", `{"customerId": null, "serviceId": "01632-****01"}`, nil, nil},
		{"an emergency number identifies none", `{"customerId": null, "serviceId": "999"}`, nil, nil},
		{"a placeholder identifies none", `{"customerId": null, "serviceId": "N/A"}`, nil, nil},
		{"one repeated digit identifies none", `{"customerId": null, "serviceId": "0000000"}`, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := decode(t, tt.patch)
			if diff := cmp.Diff(tt.customer, r.Customer); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.want, r.Subscription); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheOffsetIsStoredWithTheTimeInUTC(t *testing.T) {
	tests := []struct {
		date, utc string
		offset    int32
	}{
		{"2019-08-24T14:15:22Z", "2019-08-24T14:15:22Z", 0},
		{"2019-08-24T14:15:22+01:00", "2019-08-24T13:15:22Z", 60},
		{"2019-08-24T14:15:22.125-03:30", "2019-08-24T17:45:22.125Z", -210},
		{"2019-08-24T14:15:22+0100", "2019-08-24T13:15:22Z", 60},
		{"2019-08-24T14:15:22.125000000-0330", "2019-08-24T17:45:22.125Z", -210},
	}
	for _, tt := range tests {
		u := decode(t, `{"eventDate": "`+tt.date+`"}`).Usage
		if got := u.EventTime.Format("2006-01-02T15:04:05.999999Z"); got != tt.utc || u.UTCOffsetMinutes != tt.offset {
			t.Errorf("%s: got %s and %d", tt.date, got, u.UTCOffsetMinutes)
		}
	}
}

func TestATruncatedTimeKeepsItsText(t *testing.T) {
	const document = `{"id": 7, "eventDate": "2019-08-24T14:15:22.123456789+0100", "zone": "a"}`
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		importer := ingest.Importer{Store: store, Sources: []ingest.Source{source(t)}, Reject: func(r ingest.Reject) { t.Error(r) }}
		report, err := importer.Import(t.Context(), db.Elevate, "test.json", strings.NewReader(document))
		if err != nil || report.Truncated != 1 {
			t.Fatal(report, err)
		}
		pages, err := store.For(db.All()).UsageRecords(t.Context(), db.AllColumns, db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: 1}})
		if err != nil {
			t.Fatal(err)
		}
		u := pages[0].Nodes[0]
		if got := u.EventTime.Format(time.RFC3339Nano); got != "2019-08-24T13:15:22.123456Z" {
			t.Errorf("got %s", got)
		}
		if got, want := string(u.Extension), `{"eventDate":"2019-08-24T14:15:22.123456789+0100","zone":"a"}`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		h := elevate.Handler(store, elevate.HandlerSettings{}, allCustomers, slog.New(slog.DiscardHandler))
		if got := string(get(t, h, "page=1&pageSize=1")); !strings.Contains(got, `"eventDate":"2019-08-24T13:15:22Z"`) || !strings.Contains(got, `,"zone":"a"}]`) {
			t.Errorf("response: %s", got)
		}
	})
}

func TestAProductReferenceIsStoredAsText(t *testing.T) {
	tests := []struct{ patch, want string }{
		{`{"productReference": 0}`, "0"},
		{`{"productReference": 12345678901234567890123}`, "12345678901234567890123"},
		{`{"productReference": "007"}`, "007"},
		{`{"productReference": "a \"b\" \u00e9"}`, `a "b" é`},
	}
	for _, tt := range tests {
		if got := decode(t, tt.patch).Usage.ProductReference; got == nil || *got != tt.want {
			t.Errorf("%s: got %v", tt.patch, got)
		}
	}
	if got := decode(t, `{"productReference": null}`).Usage.ProductReference; got != nil {
		t.Errorf("null: got %q", *got)
	}
}

func TestNumbersAreExact(t *testing.T) {
	tests := []struct{ number, want string }{
		{"0.1234567890123456789", "0.1234567890123456789"}, {"1e3", "1000"}, {"12.50", "12.50"}, {"-0.0", "0.0"},
	}
	for _, tt := range tests {
		if got := decode(t, `{"dataQuantity": `+tt.number+`}`).Usage.DataMB; got.String() != tt.want {
			t.Errorf("%s: got %s, want %s", tt.number, got, tt.want)
		}
	}
}

func TestUnknownMembersAreKeptInTheirOrder(t *testing.T) {
	r := sourcetest.Decode(t, source(t), []byte(`{"id": 1, "zone": {"b": 1.0, "a": [null]}, "eventDate": "2019-08-24T14:15:22Z", "ID": null}`))
	if got, want := string(r.Usage.Extension), `{"zone":{"b":1.0,"a":[null]},"ID":null}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestInvalidRecordsAreRejectedByField(t *testing.T) {
	tests := []struct{ name, patch, want string }{
		{"no id", `{"id": null}`, "id: missing"},
		{"an id that is text", `{"id": "1"}`, "id: want a whole number of 64 bits, not a string"},
		{"an id with a fraction", `{"id": 1.5}`, "id: want a whole number of 64 bits, not this number"},
		{"a customer id that is text", `{"customerId": "0"}`, "customerId: want a whole number of 64 bits, not a string"},
		{"no date", `{"eventDate": null}`, "eventDate: missing"},
		{"a date without an offset", `{"eventDate": "2019-08-24T14:15:22"}`, "eventDate: want a date and time with its offset, such as 2025-01-31T22:15:00Z"},
		{"ten decimal places", `{"eventDate": "2019-08-24T14:15:22.1234567890Z"}`, "eventDate: want a time with at most nine decimal places"},
		{"a reference that is an array", `{"productReference": [1]}`, "productReference: want a number or a string"},
		{"a direction of another word", `{"usageDirection": "SIDEWAYS"}`, "usageDirection: want INBOUND or OUTBOUND"},
		{"an invalid date", `{"loadedDate": "2019-02-30"}`, "loadedDate: want a day, such as 2025-01-31"},
		{"a price that is text", `{"sellPrice": "1.50"}`, "sellPrice: want a number, not a string"},
		{"a price of twenty digits", `{"sellPrice": 0.12345678901234567891}`, "sellPrice: a decimal has at most 19 significant digits and 19 decimal places"},
		{"text given as a number", `{"destination": 1}`, "destination: want a string, not this number"},
		{"a boolean that is text", `{"isdn": "true"}`, "isdn: want true or false, not a string"},
		{"text with a NUL character", `{"fileType": "a\u0000b"}`, "fileType: text must not hold a NUL character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := source(t).Decode(sample(t, tt.patch)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := source(t).Decode([]byte(`[]`)); err == nil || err.Error() != "want an object, not an array" {
		t.Errorf("an array: %v", err)
	}
}

func TestACurrencyMustBeACode(t *testing.T) {
	for _, code := range []string{"", "gbp", "POUND"} {
		if _, err := elevate.Source(elevate.Settings{Currency: code}); err == nil {
			t.Errorf("%q was accepted", code)
		}
	}
}

func FuzzDecode(f *testing.F) { sourcetest.Fuzz(f, source(f), elevate.Samples) }

func TestOneNumberInManySpellings(t *testing.T) {
	for _, text := range []string{"+442079460124", "+44 (0)20 7946 0124", "tel:+442079460124", `+44\u00a020\u00a07946\u00a00124`, `+44 20 7946\u20110124`,
		"02079460124", "0044 20 7946 0124"} {
		r := decode(t, `{"serviceId": "`+text+`"}`)
		if r.Subscription.Number != "+442079460124" || *r.Subscription.PhoneNumber != *r.Usage.ServiceID || r.Subscription.OwnID != "" {
			t.Errorf("%s: got %+v", text, r.Subscription)
		}
	}
}

func TestTheRegionMustBeKnown(t *testing.T) {
	if _, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "XX"}); err == nil {
		t.Error("XX was accepted")
	}
}
