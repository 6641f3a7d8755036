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

// Fuzz feeds a decoder with what grows out of its samples. It must not panic, and what it accepts must be complete and
// the same each time.
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
		Complete(t, source, decoded)
		again, err := source.Decode(record)
		if err != nil || !reflect.DeepEqual(decoded, again) {
			t.Fatalf("decoded again it is another: %v", err)
		}
	})
}

// Complete checks what every decoded record must be, so that it can be stored and read back on both databases.
func Complete(t testing.TB, source ingest.Source, r *ingest.Record) {
	t.Helper()
	walk(t, "record", reflect.ValueOf(r))
	switch {
	case r.Usage != nil && r.Summary == nil && r.Report == nil:
		origin(t, source, r.Usage.Source, r.Usage.SourceID)
		readable(t, "usage", r.Usage)
	case r.Summary != nil && r.Usage == nil && r.Report == nil:
		origin(t, source, r.Summary.Source, r.Summary.SourceID)
		each(t, source, r.Summary.Bundles, r.Summary.YearMonth.Start())
	case r.Report != nil && r.Usage == nil && r.Summary == nil:
		origin(t, source, r.Report.Source, r.Report.SourceID)
		readable(t, "report", r.Report)
		each(t, source, r.Report.Balances, r.Report.EffectiveAt)
	default:
		t.Fatal("want one of usage, summary and report")
	}
	if r.Customer != nil && r.Customer.ID == "" {
		t.Error("a customer without id")
	}
	if r.Customer != nil && r.ContestedCustomers != nil {
		t.Error("a customer and contested ones")
	}
	if r.Line == nil {
		return
	}
	if l := r.Line; l.Number != "" && (l.Number.Kind() != db.MSISDN || l.Number.Value() == "" || l.PhoneNumber == nil) {
		t.Errorf("the number %q of %v", l.Number, l.PhoneNumber)
	}
	if l := r.Line; l.Card != "" && (l.Card.Kind() != db.SIM || l.Card.Value() == "" || l.SimCardNumber == nil) {
		t.Errorf("the card %q of %v", l.Card, l.SimCardNumber)
	}
}

func origin(t testing.TB, source ingest.Source, name db.Source, id string) {
	t.Helper()
	if name != source.Name || id == "" {
		t.Errorf("a record of source %q with the id %q", name, id)
	}
}

func each(t testing.TB, source ingest.Source, buckets []*db.Bucket, at db.Time) {
	t.Helper()
	for _, b := range buckets {
		origin(t, source, b.Source, b.SourceID)
		readable(t, "bucket", b)
		if !b.EffectiveAt.Equal(at.Time) {
			t.Errorf("a bucket of %v on a record of %v", b.EffectiveAt, at)
		}
	}
}

// readable calls every method that reads stored JSON back: it must not fail on what was imported.
func readable(t testing.TB, what string, row any) {
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

// walk visits everything in a decoded record.
func walk(t testing.TB, path string, v reflect.Value) {
	t.Helper()
	switch x := v.Interface().(type) {
	case db.Time:
		if x.Location() != time.UTC || x.Year() < 1 || x.Year() > 9999 || x.Nanosecond()%1000 != 0 {
			t.Errorf("%s: %v cannot be stored", path, x)
		}
		return
	case db.JSON:
		stored(t, path, x)
		return
	case decimal.Decimal:
		return
	case *db.RatedUsage:
		readable(t, path, x)
	case *db.BucketBalance:
		readable(t, path, x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(t, path, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(t, path+"."+v.Type().Field(i).Name, v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(t, path, v.Index(i))
		}
	case reflect.String:
		text(t, path, v)
	}
}

// enums are the closed lists of the model.
var enums = map[reflect.Type][]string{
	reflect.TypeFor[db.Source]():         {"ELEVATE", "BRM", "STN", "DXP"},
	reflect.TypeFor[db.UsageType]():      {"VOICE", "DATA", "SMS", "MMS", "MONEY", "RECURRING", "ONE_OFF", "OTHER"},
	reflect.TypeFor[db.UsageDirection](): {"INBOUND", "OUTBOUND"},
	reflect.TypeFor[db.UsageStatus]():    {"RECEIVED", "REJECTED", "RECYCLED", "GUIDED", "RATED", "RERATED", "BILLED"},
	reflect.TypeFor[db.IdentifierKind](): {"MSISDN", "SIM", "SOURCE_ID"},
	reflect.TypeFor[db.Unit]():           {"KILOBYTE", "MEGABYTE", "GIGABYTE", "SECOND", "MINUTE", "HOUR", "MESSAGE", "COUNT", "CURRENCY"},
}

func text(t testing.TB, path string, v reflect.Value) {
	t.Helper()
	s := v.String()
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		t.Errorf("%s: %q cannot be stored", path, s)
	}
	list, closed := enums[v.Type()]
	if closed && !slices.Contains(list, s) && !strings.HasSuffix(path, "Record.Source") {
		t.Errorf("%s: %q is none of %v", path, s, list)
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

func stored(t testing.TB, path string, j db.JSON) {
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
