package elevate_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
	"usagegraph/ingest"
	"usagegraph/sources/elevate"
)

// fullRecord is a record with a value in each field.
const fullRecord = `{"id":7,"customerId":17,"siteId":3,"billRunId":4,"eventDate":"2025-01-31T23:59:59.25+01:00","productReference":0,"serviceId":"+44 1632 960001",
	"destination":"a; \"b\", c\r\nd","chargeGroupId":5,"callClass":"National","oneOffQuantity":0,"dataQuantity":1.50,"durationQuantity":-60,"sellPrice":0.10,
	"preDiscountedSellPrice":0.2,"buyPrice":0.05,"ratedBuyPrice":0.04,"profit":0.05,"profitPercentage":100,"marginPercentage":50,"timeBand":"OFFPEAK",
	"usageProductId":6,"usageDirection":"OUTBOUND","isdn":false,"additionalInfoGeneral":"é","additionalInfoElectronic":" x ","supplierAccountId":8,
	"fileName":"f.csv","loadedDate":"2025-02-01","parserName":"p","fileType":"t"}`

// sampleNames are the fields of the page's sample, in its order.
func sampleNames(t *testing.T) []string {
	t.Helper()
	text, err := fs.ReadFile(elevate.Samples, "sample/customer-usage-data.json")
	if err != nil {
		t.Fatal(err)
	}
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	var names []string
	for dec.ReadToken(); dec.PeekKind() != '}'; {
		token, err := dec.ReadToken()
		if err != nil {
			t.Fatal(err)
		}
		if token.Kind() == '{' {
			continue
		}
		names = append(names, token.String())
		dec.SkipValue()
	}
	return names
}

// asCSV writes JSON records as CSV with columns in an order.
func asCSV(t *testing.T, columns []string, comma, end string, records ...string) string {
	t.Helper()
	text := strings.Join(columns, comma) + end
	for _, record := range records {
		var members map[string]jsontext.Value
		if err := json.Unmarshal([]byte(record), &members); err != nil {
			t.Fatal(err)
		}
		cells := make([]string, len(columns))
		for i, name := range columns {
			switch v := members[name]; v.Kind() {
			case 'n', 0:
			case '"':
				plain, _ := jsontext.AppendUnquote(nil, v)
				cells[i] = `"` + strings.ReplaceAll(string(plain), `"`, `""`) + `"`
			default:
				cells[i] = string(v)
			}
		}
		text += strings.Join(cells, comma) + end
	}
	return text
}

func importDocument(t *testing.T, store *db.Store, document string) (ingest.Report, []string, error) {
	t.Helper()
	source, err := elevate.Source(elevate.Settings{Currency: "GBP", Region: "GB"})
	if err != nil {
		t.Fatal(err)
	}
	var rejects []string
	im := &ingest.Importer{Store: store, Sources: []ingest.Source{source}, Reject: func(r ingest.Reject) { rejects = append(rejects, r.String()) }}
	report, err := im.Import(t.Context(), db.Elevate, "test", strings.NewReader(document))
	return report, rejects, err
}

// TestCSVEqualsJSON imports records as JSON, and then as CSV in several forms, which changes nothing.
func TestCSVEqualsJSON(t *testing.T) {
	t.Parallel()
	names := sampleNames(t)
	if len(names) != 31 {
		t.Fatalf("%d names", len(names))
	}
	reversed := slices.Clone(names)
	slices.Reverse(reversed)
	const bare = `{"id":8,"eventDate":"2025-01-01T00:00:00Z"}`
	commas := asCSV(t, names, ",", "\r\n", fullRecord, bare)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(commas))
	z.Close()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		if report, rejects, err := importDocument(t, store, fullRecord+bare); err != nil || report.New != 2 {
			t.Fatal(report, rejects, err)
		}
		for name, document := range map[string]string{
			"commas": commas, "semicolons": asCSV(t, names, ";", "\n", fullRecord, bare), "a byte order mark": "\ufeff" + commas,
			"another order": asCSV(t, reversed, ",", "\n", fullRecord, bare), "gzip": zipped.String(), "no end of the last line": strings.TrimSuffix(commas, "\r\n"),
			"a quoted header": strings.Replace(commas, "id,customerId", `"id","customerId"`, 1),
		} {
			if report, rejects, err := importDocument(t, store, document); err != nil || report.Unchanged != 2 || report.Read != 2 {
				t.Errorf("%s: %s %v %v", name, report, rejects, err)
			}
		}
	})
}

func TestCSVRejects(t *testing.T) {
	t.Parallel()
	const document = "\ufeffid;eventDate;isdn;sellPrice;callClass\r\n" +
		"1;2025-01-01T00:00:00Z;true;1.5;\"a\r\nb\"\r\n" +
		"2;2025-01-01T00:00:00Z;TRUE;1;\r\n" +
		"3;2025-01-01T00:00:00Z;;1,5;\r\n" +
		"4;2025-01-01T00:00:00Z;;;x;y\r\n" +
		"5;2025-01-01T00:00:00Z;;;a\"b\r\n" +
		"6;2025-01-01T00:00:00Z;;;\xe9\r\n" +
		"7;yesterday;;;\r\n" +
		";2025-01-01T00:00:00Z;;;\r\n" +
		"1.5;2025-01-01T00:00:00Z;;;\r\n" +
		"10;2025-01-01T00:00:00Z;false;0;\"\"\r\n"
	at := func(row string) int { return strings.Index(document, "\n"+row) + 1 }
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		report, rejects, err := importDocument(t, store, document)
		want := []string{
			fmt.Sprintf("test, record 2 (byte %d): isdn: want true or false", at("2;")),
			fmt.Sprintf("test, record 3 (byte %d): sellPrice: want a number, with a decimal point and without thousands separators", at("3;")),
			fmt.Sprintf("test, record 4 (byte %d): want 5 cells, as in the header, not 6", at("4;")),
			fmt.Sprintf("test, record 5 (byte %d): a quote inside of a cell without quotes", at("5;")),
			fmt.Sprintf("test, record 6 (byte %d): callClass: text must be UTF-8", at("6;")),
			fmt.Sprintf("test, record 7 (byte %d): eventDate: want a date and time with its offset, such as 2025-01-31T22:15:00Z", at("7;")),
			fmt.Sprintf("test, record 8 (byte %d): id: missing", at(";2025")),
			fmt.Sprintf("test, record 9 (byte %d): id: want a whole number of 64 bits, not this number", at("1.5;2025")),
		}
		if diff := cmp.Diff(want, rejects); diff != "" || err != nil || report.Read != 10 || report.New != 2 {
			t.Errorf("%s %v %s", report, err, diff)
		}
	})
}

func TestCSVHeaders(t *testing.T) {
	t.Parallel()
	const form = "CSV with a header of the documented field names, separated by commas or semicolons"
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for header, found := range map[string]string{
			"id,eventDate,Name":                "CSV whose column 3 has an unknown name",
			"id,eventdate":                     "CSV whose column 2 has an unknown name",
			"id,eventDate, isdn":               "CSV whose column 3 has an unknown name",
			"id,eventDate;isdn":                "CSV whose column 1 has an unknown name",
			"id,eventDate,id":                  "CSV with the column id twice",
			"customerId,eventDate":             "CSV without the columns that every record has",
			"id,eventDate,\"isdn":              "CSV with an invalid header: the document ends in the middle of a quoted cell",
			"id,event\"Date":                   "CSV with an invalid header: a quote inside of a cell without quotes",
			"1,2025-01-01T00:00:00Z,+44 16329": "CSV",
		} {
			_, _, err := importDocument(t, store, header+"\n")
			var format *ingest.FormatError
			if !errors.As(err, &format) || format.Found != found || !strings.HasSuffix(format.Want, form) {
				t.Errorf("%s: %v", header, err)
			}
		}
		report, rejects, err := importDocument(t, store, "eventDate,id\n2025-01-01T00:00:00Z,1\n2025-01-01T00:00:00Z,\"2\n")
		if err == nil || !strings.Contains(err.Error(), "after 1 records: the document ends in the middle of a quoted cell") || report.New != 1 {
			t.Errorf("a quote without an end: %s %v %v", report, rejects, err)
		}
	})
}
