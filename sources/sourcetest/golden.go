// Package sourcetest is what the tests of every source's decoder share: goldens, round trips, invariants.
package sourcetest

import (
	"bytes"
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

// Goldens decodes every sample of a source and compares the model with testdata/<sample>.golden.json.
func Goldens(t *testing.T, source ingest.Source, samples fs.FS) {
	t.Helper()
	for name, records := range Records(t, source, samples) {
		t.Run(name, func(t *testing.T) {
			decoded := make([]*ingest.Record, len(records))
			for i, text := range records {
				decoded[i] = Decode(t, source, text)
				Complete(t, source, decoded[i])
			}
			golden := filepath.Join("testdata", strings.TrimSuffix(name, ".json")+".golden.json")
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

// Records cuts each sample of a source into its records.
func Records(t testing.TB, source ingest.Source, samples fs.FS) map[string][]jsontext.Value {
	t.Helper()
	names, err := fs.Glob(samples, "sample/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	cut := map[string][]jsontext.Value{}
	for _, name := range names {
		document, err := fs.ReadFile(samples, name)
		if err != nil {
			t.Fatal(err)
		}
		cut[path.Base(name)] = split(t, document)
	}
	return cut
}

func split(t testing.TB, document jsontext.Value) []jsontext.Value {
	t.Helper()
	if document.Kind() == '{' {
		var envelope struct{ Results jsontext.Value }
		if err := json.Unmarshal(document, &envelope, json.MatchCaseInsensitiveNames(true)); err != nil {
			t.Fatal(err)
		}
		document = envelope.Results
	}
	var records []jsontext.Value
	if err := json.Unmarshal(document, &records); err != nil {
		t.Fatal(err)
	}
	return records
}

// Decode decodes a record that must be readable.
func Decode(t testing.TB, source ingest.Source, record jsontext.Value) *ingest.Record {
	t.Helper()
	r, err := source.Decode(record)
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	return r
}

// With returns a record in which the members of a patch stand for its own, or besides them.
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

// Text writes a model as JSON for people, decimals as strings. What is unknown is left out, and so is what the importer
// fills in.
func Text(t testing.TB, model any) string {
	t.Helper()
	whole, err := json.Marshal(model, json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, j db.JSON) error {
		if j == nil {
			return e.WriteToken(jsontext.Null)
		}
		return e.WriteValue(jsontext.Value(j))
	})))
	if err != nil {
		t.Fatal(err)
	}
	known, err := prune(whole)
	if err == nil {
		err = known.Indent(jsontext.WithIndent("  "))
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(known) + "\n"
}

// importers are the members that the importer fills in; a customer's id is text and stays.
var importers = regexp.MustCompile(`^(CustomerID|SubscriptionID|ReportID|SummaryID|UsageID|BucketID|ID|Position|Record)$`)

// prune drops unknown members at all depths but inside of stored JSON.
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
	unknown := value.Kind() == 'n' || string(value) == `""` || string(value) == "[]"
	if unknown || value.Kind() != '"' && importers.MatchString(name) {
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

// Wire writes a source's own structs as the source does.
func Wire(t testing.TB, record any) jsontext.Value {
	t.Helper()
	text, err := json.Marshal(record, json.WithMarshalers(json.MarshalToFunc(func(e *jsontext.Encoder, n *ingest.Number) error {
		return e.WriteValue(jsontext.Value(n.Decimal().String()))
	})))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// SameText compares two JSON texts: the same members in the same order with the same values.
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
