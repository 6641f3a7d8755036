// Package sourcetest holds test helpers for the decoders of all sources: goldens, round trips, invariants and fuzzing.
package sourcetest

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/ingest"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// Goldens decodes every sample of a source and compares the result with testdata/<sample>.golden.json.
func Goldens(t *testing.T, source ingest.Source, samples fs.FS) {
	t.Helper()
	for name, records := range Records(t, source, samples) {
		t.Run(name, func(t *testing.T) {
			decoded := make([]*ingest.Record, len(records))
			for i, text := range records {
				decoded[i] = Decode(t, source, text)
				CheckRecord(t, source, decoded[i])
			}
			golden := filepath.Join("testdata", strings.TrimSuffix(name, path.Ext(name))+".golden.json")
			got := Text(t, decoded)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got, rewrite with -update):\n%s", golden, diff)
			}
		})
	}
}

// Records splits each sample of a source into its records, by file name.
func Records(t testing.TB, source ingest.Source, samples fs.FS) map[string][]jsontext.Value {
	t.Helper()
	names, err := fs.Glob(samples, "sample/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	records := map[string][]jsontext.Value{}
	for _, name := range names {
		document, err := fs.ReadFile(samples, name)
		if err != nil {
			t.Fatal(err)
		}
		if source.Convert != nil {
			if document, err = io.ReadAll(source.Convert(bytes.NewReader(document))); err != nil {
				t.Fatal(err)
			}
		}
		records[path.Base(name)] = split(t, document)
	}
	return records
}

func split(t testing.TB, document jsontext.Value) []jsontext.Value {
	t.Helper()
	if document.Kind() == '{' && document.IsValid() {
		var envelope struct{ Results jsontext.Value }
		if err := json.Unmarshal(document, &envelope, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		if envelope.Results != nil {
			document = envelope.Results
		}
	}
	var records []jsontext.Value
	if document.Kind() == '[' {
		if err := json.Unmarshal(document, &records); err != nil {
			t.Fatal(err)
		}
		return records
	}
	for dec := jsontext.NewDecoder(bytes.NewReader(document)); ; {
		record, err := dec.ReadValue()
		if errors.Is(err, io.EOF) {
			return records
		}
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, record.Clone())
	}
}

// Decode decodes a record; an error fails the test.
func Decode(t testing.TB, source ingest.Source, record jsontext.Value) *ingest.Record {
	t.Helper()
	r, err := source.Decode(record)
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	return r
}

// With returns a record with the members of a patch added or replaced. The members are sorted by name.
func With(t testing.TB, record jsontext.Value, patch string) jsontext.Value {
	t.Helper()
	var members map[string]jsontext.Value
	for _, text := range []string{string(record), patch} {
		if err := json.Unmarshal([]byte(text), &members); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	text, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Text formats a decoded record as indented JSON with decimals as strings. Null and empty members are left out, and so
// are those that the importer sets.
func Text(t testing.TB, model any) string {
	t.Helper()
	text, err := json.Marshal(model, json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, j db.JSON) error {
		if j == nil {
			return e.WriteToken(jsontext.Null)
		}
		return e.WriteValue(jsontext.Value(j))
	})))
	if err != nil {
		t.Fatal(err)
	}
	pruned, err := prune(text)
	if err == nil {
		err = pruned.Indent(jsontext.WithIndent("  "))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(pruned) + "\n"
}

// importerMembers matches the members that the importer sets. A customer's ID is a string in the document and stays.
var importerMembers = regexp.MustCompile(`^(CustomerID|SubscriptionID|ReportID|SummaryID|UsageID|BucketID|ID|Position|Record)$`)

// prune drops null, empty and importer members at all depths, except inside stored JSON.
func prune(v jsontext.Value) (jsontext.Value, error) {
	var out bytes.Buffer
	dec, enc := jsontext.NewDecoder(bytes.NewReader(v)), jsontext.NewEncoder(&out)
	for {
		switch kind, length := dec.StackIndex(dec.StackDepth()); {
		case kind == '{' && length%2 == 0 && dec.PeekKind() == '"':
			if err := pruneMember(dec, enc); err != nil {
				return nil, err
			}
		default:
			token, err := dec.ReadToken()
			if err == io.EOF {
				return out.Bytes(), nil
			}
			if err == nil {
				err = enc.WriteToken(token)
			}
			if err != nil {
				return nil, err
			}
		}
	}
}

// pruneMember copies one member of an object, or leaves it out.
func pruneMember(dec *jsontext.Decoder, enc *jsontext.Encoder) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	name := token.String()
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	empty := value.Kind() == 'n' || string(value) == `""` || string(value) == "[]"
	if empty || value.Kind() != '"' && importerMembers.MatchString(name) {
		return nil
	}
	if value = value.Clone(); !strings.HasSuffix(name, "JSON") && name != "Extension" {
		if value, err = prune(value); err != nil {
			return err
		}
	}
	if err := enc.WriteToken(jsontext.String(name)); err != nil {
		return err
	}
	return enc.WriteValue(value)
}

// MarshalRecord encodes a source's own struct as JSON, with numbers as the source writes them.
func MarshalRecord(t testing.TB, record any) jsontext.Value {
	t.Helper()
	text, err := json.Marshal(record, json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, n *ingest.Number) error {
		return e.WriteValue(jsontext.Value(n.Decimal().String()))
	})))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// SameText compares two JSON texts, including the order of members. White space is ignored.
func SameText(t testing.TB, want, got jsontext.Value) {
	t.Helper()
	want, got = want.Clone(), got.Clone()
	for _, text := range []*jsontext.Value{&want, &got} {
		if err := text.Indent(jsontext.WithIndent("  ")); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("not the same JSON (-want +got):\n%s", diff)
	}
}
