package stn_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"

	"usagegraph/sources/sourcetest"
	"usagegraph/sources/stn"
)

func str(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}

func TestUnitAndTextByCode(t *testing.T) {
	tests := []struct{ name, line, unit, text string }{
		{"internet in whole megabytes", `{"invoiceLineCode": "INT_NAT", "volume": 2758969}`, "KILOBYTE", "2694 MB"},
		{"half a megabyte goes to the even one", `{"invoiceLineCode": "INT_EU", "volume": 1536}`, "KILOBYTE", "2 MB"},
		{"the other half goes down", `{"invoiceLineCode": "INT_EU", "volume": 512}`, "KILOBYTE", "0 MB"},
		{"a call", `{"invoiceLineCode": "N_MOBKPN", "volume": 12502}`, "SECOND", "03:28:22"},
		{"calls of more than a hundred hours", `{"invoiceLineCode": "N_FIXED", "volume": 360061.0}`, "SECOND", "100:01:01"},
		{"a call abroad to a mobile", `{"invoiceLineCode": "EU_MOB", "volume": 59}`, "SECOND", "00:00:59"},
		{"a call abroad to a fixed line", `{"invoiceLineCode": "EU_FIXED"}`, "SECOND", ""},
		{"a call by its name", `{"invoiceLineCode": "PRMVOICE", "volume": 0}`, "SECOND", "00:00:00"},
		{"a fraction of a second has no text", `{"invoiceLineCode": "N_FIXED", "volume": 0.5}`, "SECOND", ""},
		{"messages", `{"invoiceLineCode": "PRMSMS", "volume": 1}`, "MESSAGE", "1 stk"},
		{"national messages", `{"invoiceLineCode": "N_SMS", "volume": 12.0}`, "MESSAGE", "12 stk"},
		{"a negative volume has no text", `{"invoiceLineCode": "PRMSMS", "volume": -1}`, "MESSAGE", ""},
		{"an unknown code", `{"invoiceLineCode": "XYZ", "volume": 1}`, "", ""},
		{"no code", `{"volume": 1}`, "", ""},
		{"a given text is kept", `{"invoiceLineCode": "INT_NAT", "volume": 1024, "volumeStr": "1,00 MB"}`, "KILOBYTE", "1,00 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := decode(t, `{"usageDetails": [`+tt.line+`]}`).Summary.InvoiceLines[0]
			unit, text := "", ""
			if l.VolumeUnit != nil {
				unit = string(*l.VolumeUnit)
			}
			if l.VolumeText != nil {
				text = *l.VolumeText
			}
			if unit != tt.unit || text != tt.text {
				t.Errorf("got %q in %q", text, unit)
			}
		})
	}
}

func TestHomeUsageIsComputedFromTheLines(t *testing.T) {
	line := func(code, volume string) string {
		return `{"invoiceLineCode": "` + code + `", "volume": ` + volume + `}`
	}
	tests := []struct{ name, patch, voice, data string }{
		{"minutes to two places", `{"usageDetails": [` + line("N_MOBKPN", "12502") + "," + line("N_FIXED", "586") + `]}`, "218.13", ""},
		{"trailing zeros are not written", `{"usageDetails": [` + line("N_MOBKPN", "30") + `]}`, "0.5", ""},
		{"megabytes to six digits", `{"usageDetails": [` + line("INT_NAT", "534967") + `]}`, "", "522.429"},
		{"six digits of a small one", `{"usageDetails": [` + line("INT_NAT", "0.1234567") + `]}`, "", "0.000120563"},
		{"six digits of a large one", `{"usageDetails": [` + line("INT_NAT", "1234567890") + `]}`, "", "1205630"},
		{"data abroad is not home", `{"usageDetails": [` + line("INT_WORLD", "1024") + `]}`, "", ""},
		{"national messages are not minutes", `{"usageDetails": [` + line("N_SMS", "60") + `]}`, "", ""},
		{"no usage is 0", `{"usageDetails": [` + line("INT_NAT", "0") + "," + line("N_FIXED", "0") + `]}`, "0", "0"},
		{"a line without a volume is ignored", `{"usageDetails": [{"invoiceLineCode": "N_FIXED"}]}`, "", ""},
		{"given values are kept", `{"usageHomeVoice": 1, "usageHomeData": 2, "usageDetails": [` + line("INT_NAT", "9") + "," + line("N_FIXED", "9") + `]}`, "1", "2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string]string{}
			for _, b := range decode(t, tt.patch).Summary.Bundles {
				got[b.SourceID] = str(b.UsedAmount)
			}
			want := map[string]string{}
			if tt.voice != "" {
				want["HomeVoice"] = tt.voice
			}
			if tt.data != "" {
				want["HomeData"] = tt.data
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAMonthHasTwoSpellings(t *testing.T) {
	for _, month := range []string{"2025_01", "2025-01"} {
		if got := decode(t, `{"yearMonth": "`+month+`"}`).Summary.YearMonth; got != "2025-01" {
			t.Errorf("%s: got %s", month, got)
		}
	}
}

func TestCurrencyOfCharges(t *testing.T) {
	s := decode(t, `{"usageHomeVoice": 1, "amountHomeData": 0, "usageDetails": [{}]}`).Summary
	if s.Bundles[0].Currency != nil || *s.Bundles[1].Currency != "EUR" || *s.Currency != "EUR" || *s.InvoiceLines[0].Currency != "EUR" {
		t.Errorf("got %v", s)
	}
}

func TestUnknownMembersAreKeptInTheirOrder(t *testing.T) {
	s := decode(t, `{"usageDetails": [{"z": 1.0, "volume": 1, "a": null}], "zoneX": {"b": 1e3}, "usageMarsVoice": 7}`).Summary
	if got, want := string(s.InvoiceLines[0].Extension), `{"z":1.0,"a":null}`; got != want {
		t.Errorf("line: got %s, want %s", got, want)
	}
	if got, want := string(s.Extension), `{"usageMarsVoice":7,"zoneX":{"b":1e3}}`; got != want { // With sorts the members
		t.Errorf("summary: got %s, want %s", got, want)
	}
}

func TestInvalidRecordsAreRejectedByField(t *testing.T) {
	tests := []struct{ name, patch, want string }{
		{"no id", `{"id": null}`, "id: missing"},
		{"an empty subscription", `{"subscriptionId": ""}`, "subscriptionId: missing"},
		{"no customer", `{"customerId": null}`, "customerId: missing"},
		{"a customer that is a number", `{"customerId": 1}`, "customerId: want a string, not this number"},
		{"no month", `{"yearMonth": null}`, "yearMonth: missing"},
		{"an invalid month", `{"yearMonth": "2025_13"}`, "yearMonth: want a month, such as 2025_01"},
		{"a month of a short form", `{"yearMonth": "202501"}`, "yearMonth: want a month, such as 2025_01"},
		{"a month whose end cannot be stored", `{"yearMonth": "9999_12"}`, "yearMonth: want a month, such as 2025_01"},
		{"a bundle that is text", `{"quantityInBundleEuData": "-1"}`, "quantityInBundleEuData: want a number, not a string"},
		{"an amount of twenty digits", `{"amountPremium": 0.12345678901234567891}`, "amountPremium: a decimal has at most 19 significant digits and 19 decimal places"},
		{"lines that are an object", `{"usageDetails": {}}`, "usageDetails: want an array, not an object"},
		{"a line that is null", `{"usageDetails": [{}, null]}`, "usageDetails[1]: want an object, not null"},
		{"a sort order beyond 32 bits", `{"usageDetails": [{"sortOrder": 3000000000}]}`, "usageDetails[0].sortOrder: want a whole number of 32 bits, not this number"},
		{"a volume that is text", `{"usageDetails": [{"volume": "1"}]}`, "usageDetails[0].volume: want a number, not a string"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := source(t).Decode(sourcetest.With(t, []byte(least), tt.patch)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestACurrencyMustBeACode(t *testing.T) {
	for _, code := range []string{"", "eur", "EURO"} {
		if _, err := stn.Source(stn.Settings{Currency: code}); err == nil {
			t.Errorf("%q was accepted", code)
		}
	}
}

func FuzzDecode(f *testing.F) { sourcetest.Fuzz(f, source(f), stn.Samples) }

func TestTheBoundsOfAMonthAreInTheTimeZone(t *testing.T) {
	tests := []struct{ zone, start, end string }{
		{"UTC", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"Europe/Amsterdam", "2024-01-31T23:00:00Z", "2024-02-29T23:00:00Z"},
		{"America/Puerto_Rico", "2024-02-01T04:00:00Z", "2024-03-01T04:00:00Z"},
	}
	for _, tt := range tests {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		s, err := stn.Source(stn.Settings{Currency: "EUR", Location: zone})
		if err != nil {
			t.Fatal(err)
		}
		r := sourcetest.Decode(t, s, []byte(least)).Summary
		if start, end := r.MonthStart.Format(time.RFC3339), r.MonthEnd.Format(time.RFC3339); start != tt.start || end != tt.end {
			t.Errorf("%s: got %s to %s", tt.zone, start, end)
		}
		if _, err := s.Decode([]byte(`{"id": "R1", "subscriptionId": "S1", "customerId": "C1", "yearMonth": "0001_01"}`)); (err != nil) != (tt.zone == "Europe/Amsterdam") {
			t.Errorf("%s: the first month: %v", tt.zone, err)
		}
	}
}
