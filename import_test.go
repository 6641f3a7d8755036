package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestImportingTwiceChangesNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for source, document := range map[string]string{
			"brm": "brm/sample/brm-usage.json", "elevate": "elevate/sample/customer-usage-data.json",
			"stn": "stn/sample/query-usage-subscription.json", "dxp": "dxp/sample",
		} {
			first, err := runCommand(t, "", "--database", url, "import", source, sample(t, document))
			if err != nil || !strings.Contains(first, " new, 0 changed, 0 unchanged, 0 rejected") {
				t.Errorf("%s: %v\n%s", source, err, first)
			}
			second, err := runCommand(t, "", "--database", url, "import", source, sample(t, document))
			if err != nil || !strings.Contains(second, ": nothing has changed") {
				t.Errorf("%s again: %v\n%s", source, err, second)
			}
		}
	})
}

func TestEveryFormOfADocumentIsTheSame(t *testing.T) {
	t.Parallel()
	const one, two = `{"id":1,"customerId":7,"eventDate":"2025-01-01T00:00:00Z"}`, `{"id":2,"customerId":7,"eventDate":"2025-01-02T00:00:00Z"}`
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte(one + "\n" + two))
	w.Close()
	folder := t.TempDir()
	for name, text := range map[string]string{"a.json": "[" + one + "," + two + "]", "b.ndjson": one + "\n" + two + "\n", "c.json.gz": zipped.String(), "notes.txt": "not a document"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, `{"offset":0,"results":[`+one+`,`+two+`],"total":2}`, "--database", url, "import", "elevate", folder, "-")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(printed, "a.json: 2 read: 2 new") || strings.Count(printed, "2 unchanged, 0 rejected: nothing has changed") != 3 || !strings.Contains(printed, "4 documents: 8 read: 2 new, 0 changed, 6 unchanged, 0 rejected") {
			t.Error(printed)
		}
	})
}

func TestARejectedRecordIsNamedAndTheRestGoIn(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		printed, err := runCommand(t, `[{"id":1,"eventDate":"2025-01-01T00:00:00Z"},
{"id":2,"eventDate":"yesterday"},{"id":3,"eventDate":"2025-01-03T00:00:00Z","durationQuantity":"60"}]`, "--database", url, "import", "elevate", "-")
		if err == nil || !strings.Contains(err.Error(), "2 of 3 records were rejected") {
			t.Errorf("%v", err)
		}
		for _, want := range []string{"record 2 (byte 46): eventDate: ", "record 3 (byte 79): durationQuantity: want a number, not a string", "3 read: 1 new, 0 changed, 0 unchanged, 2 rejected"} {
			if !strings.Contains(printed, want) {
				t.Errorf("%q is not in\n%s", want, printed)
			}
		}
	})
}

func TestAnOlderRecordIsCountedAndKept(t *testing.T) {
	t.Parallel()
	record := func(loaded, amount string) string {
		return `{"id":1,"customerId":7,"eventDate":"2025-01-01T00:00:00Z","serviceId":"CIRCUIT-1","loadedDate":"` + loaded + `","durationQuantity":` + amount + `}`
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, tt := range []struct{ document, want string }{
			{record("2025-02-02", "60"), "1 read: 1 new, 0 changed, 0 unchanged, 0 rejected"},
			{record("2025-02-01", "61"), "1 read: 0 new, 0 changed, 0 unchanged, 1 older, kept, 0 rejected"},
			{record("2025-02-02", "62"), "1 read: 0 new, 1 changed, 0 unchanged, 0 rejected"},
			{`[` + record("2025-02-03", "63") + `,` + record("2025-01-31", "64") + `]`, "2 read: 0 new, 1 changed, 0 unchanged, 1 older, kept, 0 rejected"},
		} {
			printed, err := runCommand(t, tt.document, "--database", url, "import", "elevate", "-")
			if err != nil || !strings.Contains(printed, tt.want) {
				t.Errorf("%s: %v: %s, want %s", tt.document, err, printed, tt.want)
			}
		}
		base, _ := start(t, "--database", url)
		if _, body := get(t, base+"/customer-usage-data?page=1&pageSize=10&fields=durationQuantity"); !strings.Contains(body, `"durationQuantity":63`) {
			t.Errorf("stored: %s", body)
		}
	})
}

func TestImportSaysHowOwnersWereFound(t *testing.T) {
	t.Parallel()
	report := func(number, at string) string {
		return `{"description":"Usage Consumption Report for MSISDN ` + number + `","effectiveDate":"` + at + `"}`
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for _, tt := range []struct{ source, document, want string }{
			{"elevate", `{"id":1,"customerId":17,"eventDate":"2025-01-01T00:00:00Z","serviceId":"+44 7700 900123"}{"id":2,"customerId":17,"eventDate":"2025-02-01T00:00:00Z","serviceId":"+44 7700 900123"}`, "2 read: 2 new, 0 changed, 0 unchanged, 0 rejected\n"},
			{"dxp", report("447700900123", "2025-01-10T00:00:00Z") + report("447700900123", "2025-02-10T00:00:00Z") + report("447700900123", "2025-08-10T00:00:00Z"),
				"3 read: 3 new, 0 changed, 0 unchanged, 0 rejected; owners: 1 held, 1 by window, 1 unattributed\n"},
			{"elevate", `{"id":3,"customerId":18,"eventDate":"2025-03-01T00:00:00Z","serviceId":"+44 7700 900123"}`, "0 rejected; numbers of several customers: 1\n"},
		} {
			printed, err := runCommand(t, tt.document, "--database", url, "import", tt.source, "-")
			if err != nil || !strings.Contains(printed, tt.want) {
				t.Errorf("%s: %v: %s, want %s", tt.source, err, printed, tt.want)
			}
		}
	})
}

func TestADocumentOfAnotherSystemIsRefusedAsSuch(t *testing.T) {
	t.Parallel()
	url := filepath.Join(t.TempDir(), "test.db")
	documents := map[string]string{"brm": "brm/sample/brm-usage.json", "elevate": "elevate/sample/customer-usage-data.json",
		"stn": "stn/sample/query-usage-subscription.json", "dxp": "dxp/sample/usage-consumption-prepaid.json"}
	for want := range documents {
		for is, document := range documents {
			if want == is {
				continue
			}
			_, err := runCommand(t, "", "--database", url, "import", want, sample(t, document))
			if err == nil || !strings.Contains(err.Error(), "usagegraph import "+is+" ") {
				t.Errorf("%s as %s: %v", is, want, err)
			}
		}
	}
}

func TestASuggestedLinkHoldsNoFormula(t *testing.T) {
	t.Parallel()
	if name := "=1+2"; named(&name) != "'=1+2" || named(nil) != "" {
		t.Errorf("%q, %q", named(&name), named(nil))
	}
}

func TestCustomersAreLinkedWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		for source, record := range map[string]string{
			"elevate": `{"id":1,"customerId":17,"serviceId":"+31612345678","eventDate":"2025-01-01T00:00:00Z"}`,
			"stn":     `{"id":"s","subscriptionId":"x","customerId":"abc","phoneNumber":"+31 6-12345678","yearMonth":"2025_01"}`,
		} {
			if printed, err := runCommand(t, record, "--database", url, "import", source, "-"); err != nil {
				t.Fatal(err, printed)
			}
		}
		suggested, err := runCommand(t, "", "--database", url, "link", "--suggest")
		if err != nil || !strings.Contains(suggested, "elevate:17") || !strings.Contains(suggested, "stn:abc") || !strings.Contains(suggested, "1 shared numbers") {
			t.Errorf("%v: %s", err, suggested)
		}
		linked, err := runCommand(t, suggested, "--database", url, "link", "--yes", "--file", "-")
		if err != nil || !strings.HasSuffix(linked, "1 pairs: 1 linked now, 0 were one customer before\n") {
			t.Errorf("%v: %s", err, linked)
		}
		again, err := runCommand(t, "", "--database", url, "link", "--yes", "stn:abc", "elevate:17")
		if err != nil || !strings.HasSuffix(again, "1 pairs: 0 linked now, 1 were one customer before\n") {
			t.Errorf("%v: %s", err, again)
		}
		base, _ := start(t, "--database", url)
		if customers, lines := count(t, base, "customers"), count(t, base, "subscriptions"); customers != 1 || lines != 1 {
			t.Errorf("%d customers with %d lines", customers, lines)
		}
		for _, wrong := range [][]string{{"dxp:1", "stn:abc"}, {"17", "stn:abc"}, {"stn:abc"}, {"sap:1", "stn:abc"}} {
			if _, err := runCommand(t, "", append([]string{"--database", url, "link"}, wrong...)...); err == nil {
				t.Errorf("%v was linked", wrong)
			}
		}
	})
}
