package sourcetest

import (
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/govalues/decimal"

	"usagegraph/db"
	"usagegraph/ingest"
)

// Fuzz fuzzes a decoder, with its samples as seeds. The decoder must not panic or change its input, and an accepted
// record must pass CheckRecord and be decoded the same each time.
func Fuzz(f *testing.F, source ingest.Source, samples fs.FS) {
	for _, records := range Records(f, source, samples) {
		for _, record := range records {
			f.Add([]byte(record))
		}
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		before := slices.Clone(record)
		decoded, err := source.Decode(record)
		if !slices.Equal(before, record) {
			t.Fatal("the decoder changed its input")
		}
		if err != nil {
			if len(err.Error()) > 400 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		CheckRecord(t, source, decoded)
		again, err := source.Decode(record)
		if err != nil || !reflect.DeepEqual(decoded, again) {
			t.Fatalf("the second decoding differs: %v", err)
		}
	})
}

// CheckRecord checks that a decoded record is valid, and that both databases can store it and read it back.
func CheckRecord(t testing.TB, source ingest.Source, r *ingest.Record) {
	t.Helper()
	checkValues(t, "record", reflect.ValueOf(r))
	switch {
	case r.Usage != nil && r.Summary == nil && r.Report == nil:
		checkOrigin(t, source, r.Usage.Source, r.Usage.SourceID)
		checkReadable(t, "usage", r.Usage)
	case r.Summary != nil && r.Usage == nil && r.Report == nil:
		checkOrigin(t, source, r.Summary.Source, r.Summary.SourceID)
		checkBuckets(t, source, r.Summary.Buckets, r.Summary.YearMonth.Start())
	case r.Report != nil && r.Usage == nil && r.Summary == nil:
		checkOrigin(t, source, r.Report.Source, r.Report.SourceID)
		checkReadable(t, "report", r.Report)
		checkBuckets(t, source, r.Report.Buckets, r.Report.EffectiveAt)
	default:
		t.Fatal("want exactly one of usage, summary and report")
	}
	if r.Customer != nil && r.Customer.ID == "" {
		t.Error("the customer has no id")
	}
	if r.Customer != nil && r.ContestedCustomers != nil {
		t.Error("both a customer and contested customers")
	}
	if r.Subscription == nil {
		return
	}
	if l := r.Subscription; l.Number != "" && (l.Number.Kind() != db.MSISDN || l.Number.Value() == "" || l.PhoneNumber == nil) {
		t.Errorf("number %q, phone number %v", l.Number, l.PhoneNumber)
	}
	if l := r.Subscription; l.Card != "" && (l.Card.Kind() != db.SIM || l.Card.Value() == "" || l.SimCardNumber == nil) {
		t.Errorf("card %q, SIM card number %v", l.Card, l.SimCardNumber)
	}
}

func checkOrigin(t testing.TB, source ingest.Source, name db.Source, id string) {
	t.Helper()
	if name != source.Name || id == "" {
		t.Errorf("source %q, source id %q", name, id)
	}
}

func checkBuckets(t testing.TB, source ingest.Source, buckets []*db.Bucket, at db.Time) {
	t.Helper()
	for _, b := range buckets {
		checkOrigin(t, source, b.Source, b.SourceID)
		checkReadable(t, "bucket", b)
		if !b.EffectiveAt.Equal(at.Time) {
			t.Errorf("a bucket of %v in a record of %v", b.EffectiveAt, at)
		}
	}
}

// checkReadable calls every method of a row that parses stored JSON. None may return an error for an imported row.
func checkReadable(t testing.TB, what string, row any) {
	t.Helper()
	v := reflect.ValueOf(row)
	for i := range v.NumMethod() {
		method, name := v.Method(i), v.Type().Method(i).Name
		if method.Type().NumIn() != 0 || method.Type().NumOut() != 2 {
			continue
		}
		if err, ok := method.Call(nil)[1].Interface().(error); ok {
			t.Errorf("%s: %s cannot be read back: %v", what, name, err)
		}
	}
}

// checkValues checks all values of a decoded record, recursively.
func checkValues(t testing.TB, path string, v reflect.Value) {
	t.Helper()
	switch x := v.Interface().(type) {
	case db.Time:
		if x.Location() != time.UTC || x.Year() < 1 || x.Year() > 9999 || x.Nanosecond()%1000 != 0 {
			t.Errorf("%s: %v cannot be stored", path, x)
		}
		return
	case db.JSON:
		checkJSON(t, path, x)
		return
	case decimal.Decimal:
		return
	case *db.RatedUsage:
		checkReadable(t, path, x)
	case *db.BucketBalance:
		checkReadable(t, path, x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			checkValues(t, path, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			checkValues(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkValues(t, path, v.Index(i))
		}
	case reflect.String:
		checkText(t, path, v)
	}
}

// enums holds the values of each enum type.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[db.Source]():         {"ELEVATE", "BRM", "STN", "DXP"},
	reflect.TypeFor[db.UsageType]():      {"VOICE", "DATA", "SMS", "MMS", "MONEY", "RECURRING", "ONE_OFF", "OTHER"},
	reflect.TypeFor[db.UsageDirection](): {"INBOUND", "OUTBOUND"},
	reflect.TypeFor[db.UsageStatus]():    {"RECEIVED", "REJECTED", "RECYCLED", "GUIDED", "RATED", "RERATED", "BILLED"},
	reflect.TypeFor[db.IdentifierKind](): {"MSISDN", "SIM", "SOURCE_ID"},
	reflect.TypeFor[db.Unit]():           {"KILOBYTE", "MEGABYTE", "GIGABYTE", "SECOND", "MINUTE", "HOUR", "MESSAGE", "COUNT", "CURRENCY"},
}

func checkText(t testing.TB, path string, v reflect.Value) {
	t.Helper()
	s := v.String()
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		t.Errorf("%s: %q cannot be stored", path, s)
	}
	list, closed := enums[v.Type()]
	if closed && !slices.Contains(list, s) && !strings.HasSuffix(path, "Record.Source") {
		t.Errorf("%s: %q is not one of %v", path, s, list)
	}
	var err error
	switch v.Type() {
	case reflect.TypeFor[db.Date]():
		_, err = db.ParseDate(s)
	case reflect.TypeFor[db.YearMonth]():
		_, err = db.ParseYearMonth(s)
	}
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

func checkJSON(t testing.TB, path string, j db.JSON) {
	t.Helper()
	if j == nil {
		return
	}
	compact := jsontext.Value(slices.Clone(j))
	if err := compact.Compact(); err != nil || string(compact) != string(j) {
		t.Errorf("%s: not compact JSON: %v", path, cmp.Diff(string(compact), string(j)))
	}
	if k := compact.Kind(); k != '{' && k != '[' {
		t.Errorf("%s: want an object or an array, not %s", path, j)
	}
}
