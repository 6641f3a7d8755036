package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// cut holds the records of a document: each without white space, or "! " and the reason for its rejection.
type cut struct {
	records []string
	at      []int64
	err     error
}

// hasIDAndDate reports whether an object has an id and a date.
func hasIDAndDate(object jsontext.Value) bool {
	return required{{"id"}, {"date", "day"}}.in(memberNames(object))
}

func cutUp(document io.Reader) cut {
	var c cut
	text, err := unpack(document, 0)
	if err != nil {
		return cut{err: err}
	}
	for r, err := range split(text, hasIDAndDate) {
		if err != nil {
			c.err = err
			break
		}
		value := r.value.Clone()
		if r.err != nil {
			c.records = append(c.records, "! "+r.err.Error())
		} else if err := value.Compact(); err != nil {
			c.records = append(c.records, "broken: "+err.Error())
		} else {
			c.records = append(c.records, string(value))
		}
		c.at = append(c.at, r.Offset)
		if r.Number != int64(len(c.at)) {
			c.err = fmt.Errorf("record %d is called %d", len(c.at), r.Number)
		}
	}
	return c
}

func zipped(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		z.Write([]byte(p))
		z.Close()
	}
	return b.String()
}

// documents consist of the records {"a":1}, {"a":2} and {"a":3}, at the offsets marked with @.
var documents = []struct{ name, text string }{
	{"an array", `[@{"a":1},@{"a":2},@{"a":3}]`},
	{"an array over several lines", "\n[\n  @{\n    \"a\": 1\n  },\n  @{ \"a\" : 2 } ,\r\n\t@{\"a\":3}\n]\n"},
	{"an envelope", `{"offset":0,"total":3,"results":[@{"a":1},@{"a":2},@{"a":3}]}`},
	{"an envelope with its records first", `{"results": [ @{"a":1} , @{"a":2}, @{"a":3} ], "total": 3, "more": {"results": [1]}}`},
	{"an envelope with nothing else", "{\n\t\"results\":[@{\"a\":1},@{\"a\":2},@{\"a\":3}]\n}\n"},
	{"several envelopes", `{"results":[@{"a":1}]} {"results":[]} {"results":[@{"a":2},@{"a":3}]}`},
	{"several arrays", `[@{"a":1}][@{"a":2}] [] [@{"a":3}]`},
	{"NDJSON", "@{\"a\":1}\n@{\"a\":2}\n@{\"a\":3}\n"},
	{"NDJSON without a last line break", "@{\"a\":1}\n@{\"a\":2}\n@{\"a\":3}"},
	{"NDJSON of Windows", "@{\"a\":1}\r\n@{\"a\":2}\r\n@{\"a\":3}\r\n"},
	{"NDJSON with empty lines", "\n\n@{\"a\":1}\n\n \n@{\"a\":2}\n\t\n  @{\"a\":3}\n\n"},
	{"objects one after another", `@{"a":1}@{"a":2}  @{"a":3}`},
	{"objects over several lines", "@{\n\"a\":1\n}\n@{\n\"a\":2\n}\n@{\n\"a\":3\n}\n"},
	{"an array after an object", `@{"a":1}[@{"a":2},@{"a":3}]`},
	{"a byte order mark before an array", "\ufeff[@{\"a\":1},@{\"a\":2},@{\"a\":3}]"},
	{"a byte order mark before NDJSON", "\ufeff@{\"a\":1}\n@{\"a\":2}\n@{\"a\":3}"},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	want := []string{`{"a":1}`, `{"a":2}`, `{"a":3}`}
	for _, tt := range documents {
		t.Run(tt.name, func(t *testing.T) {
			text, at := unmarked(tt.text)
			for how, reader := range map[string]io.Reader{
				"plain":                  strings.NewReader(text),
				"byte by byte":           iotest.OneByteReader(strings.NewReader(text)),
				"with data at its end":   iotest.DataErrReader(strings.NewReader(text)),
				"gzip":                   strings.NewReader(zipped(text)),
				"gzip of several pieces": iotest.HalfReader(strings.NewReader(zipped(text[:3], text[3:10], "", text[10:]))),
			} {
				got := cutUp(reader)
				if diff := cmp.Diff(want, got.records); diff != "" || got.err != nil {
					t.Errorf("%s: %v %s", how, got.err, diff)
				}
				if diff := cmp.Diff(at, got.at); diff != "" {
					t.Errorf("%s: records begin elsewhere: %s", how, diff)
				}
			}
		})
	}
}

// unmarked removes the marks from a text and returns their offsets.
func unmarked(text string) (string, []int64) {
	var at []int64
	for {
		i := strings.IndexByte(text, '@')
		if i < 0 {
			return text, at
		}
		at = append(at, int64(i))
		text = text[:i] + text[i+1:]
	}
}

func TestResultsThatAreNotAListMakeNoEnvelope(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"results":0}`, `{"results":null,"a":1}`, `{"a":1,"results":{"results":[1]}}`, `{"results":"[1]"}`} {
		for _, reader := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
			if got := cutUp(reader); got.err != nil || !slices.Equal(got.records, []string{text}) {
				t.Errorf("%s is cut into %q, %v", text, got.records, got.err)
			}
		}
	}
}

func TestRecordWithResultsIsNoEnvelope(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"id":1,"date":2,"results":[]}`:             `{"id":1,"date":2,"results":[]}`,
		`{"id":1,"day":2,"results":[{"a":1}]}`:       `{"id":1,"day":2,"results":[{"a":1}]}`,
		`{"id":1,"total":2,"results":[{"a":1}]}`:     `{"a":1}`,
		`{"date":1,"total":2,"results":[{"a":1}]}`:   `{"a":1}`,
		`{"results":[],"id":1,"date":2}`:             "! " + errEnvelopedRecord.Error(),
		`{"id":1,"results":[],"results":[],"day":2}`: "! " + errEnvelopedRecord.Error(),
	} {
		got := cutUp(strings.NewReader("{\"a\":0}\n" + text + "\n{\"a\":2}\n"))
		if diff := cmp.Diff([]string{`{"a":0}`, want, `{"a":2}`}, got.records); diff != "" || got.err != nil {
			t.Errorf("%s: %v %s", text, got.err, diff)
		}
	}
}

func TestDocumentsWithoutRecords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " ", "\n\r\n\t ", "[]", " [ ] \n", `{"results":[]}`, `{"offset":0,"results":[],"total":0}`, "[][]", "\ufeff", "\ufeff[]", zipped(""), zipped("[]")} {
		if got := cutUp(strings.NewReader(text)); got.err != nil || len(got.records) > 0 {
			t.Errorf("%q: %v, %v", text, got.records, got.err)
		}
	}
}

// broken holds broken documents with their good records, and a mark for each rejected one.
var broken = []struct {
	name, text string
	want       []string
	// err is a part of the error that ends the document; empty if it can be read to its end.
	err string
}{
	{"a line that is no JSON", "{\"a\":1}\nnonsense here\n{\"a\":2}\n", []string{`{"a":1}`, "!", `{"a":2}`}, ""},
	{"the first line is no JSON", "a,b,c\n{\"a\":1}\n", []string{"!", `{"a":1}`}, ""},
	{"the last line is no JSON", "{\"a\":1}\nnonsense\n", []string{`{"a":1}`, "!"}, ""},
	{"the last line is no JSON and does not end", "{\"a\":1}\nnonsense", []string{`{"a":1}`, "!"}, ""},
	{"nothing but nonsense", "nonsense", []string{"!"}, ""},
	{"two lines that are no JSON, apart", "{\"a\":1}\nx\n{\"a\":2}\ny\n{\"a\":3}\n{\"a\":4}\n", []string{`{"a":1}`, "!", `{"a":2}`, "!", `{"a":3}`, `{"a":4}`}, ""},
	{"two lines that are no JSON, together", "x\ny\n{\"a\":3}\n", []string{"!", "!", `{"a":3}`}, ""},
	{"an error in the middle of a line", "{\"a\":1}\n{\"a\":1,oops}\n{\"a\":2}\n", []string{`{"a":1}`, "!", `{"a":2}`}, ""},
	{"an error deep in a line", "{\"a\":[{\"b\":tru}]}\n{\"a\":2}\n", []string{"!", `{"a":2}`}, ""},
	{"a line that was cut", "{\"a\":1}\n{\"a\":\n{\"a\":2}\n{\"a\":3}\n", []string{`{"a":1}`, "!", `{"a":2}`, `{"a":3}`}, ""},
	{"a line that was cut after a value", "{\"a\":1\n{\"a\":2}\n{\"a\":3}\n", []string{"!", `{"a":2}`, `{"a":3}`}, ""},
	{"a line that was cut within a text", "{\"a\":\"x\n{\"a\":2}\n{\"a\":3}\n", []string{"!", `{"a":2}`, `{"a":3}`}, ""},
	{"a line that was cut within an array", "{\"a\":[1,\n{\"a\":2}\n{\"a\":3}\n", []string{"!", `{"a":2}`, `{"a":3}`}, ""},
	{"two lines that were cut", "{\"a\":1,\n{\"b\":1,\n{\"a\":3}\n", []string{"!", "!", `{"a":3}`}, ""},
	{"a brace too many", "{\"a\":1}}\n{\"a\":2}\n", []string{`{"a":1}`, "!", `{"a":2}`}, ""},
	{"a comma after each line", "{\"a\":1},\n{\"a\":2},\n", []string{`{"a":1}`, "!", `{"a":2}`, "!"}, ""},
	{"a line of plain values", "{\"a\":1}\n\"text\"\n{\"a\":2}\n", []string{`{"a":1}`, "!", `{"a":2}`}, ""},
	{"a control character in a line", "{\"a\":\"\x01\"}\n{\"a\":2}\n", []string{"!", `{"a":2}`}, ""},
	{"a number that is none in a line", "{\"a\":01}\n{\"a\":2}\n", []string{"!", `{"a":2}`}, ""},
	{"a comma too many in an array", `[{"a":1},]`, []string{`{"a":1}`}, "not JSON"},
	{"no comma in an array", `[{"a":1}{"a":2}]`, []string{`{"a":1}`}, "not JSON"},
	{"nonsense in an array", `[{"a":1},{"a":oops},{"a":3}]`, []string{`{"a":1}`}, "not JSON"},
	{"nonsense in an envelope", `{"results":[{"a":1},oops]}`, []string{`{"a":1}`}, "not JSON"},
	{"an array that does not end", `[{"a":1}`, []string{`{"a":1}`}, "ends in the middle"},
	{"an object that does not end", `{"a":1`, nil, "ends in the middle"},
	{"an envelope that does not end", `{"results":[{"a":1}]`, []string{`{"a":1}`}, "ends in the middle"},
	{"a gzip that does not end", zipped("{\"a\":1}\n{\"a\":2}\n")[:20], []string{`{"a":1}`}, "ends in the middle"},
	{"a gzip that ends in a bad line", zipped("{\"a\":1}\nnonsense")[:24], []string{`{"a":1}`, "!"}, "ends in the middle"},
	{"a gzip that was changed", zipped("{\"a\":1}\n")[:24] + "\x00\x00\x00\x00\x08\x00\x00\x00", []string{`{"a":1}`}, "gzip"},
	{"a gzip with more after it", zipped("{\"a\":1}\n") + "more after it", []string{`{"a":1}`}, "gzip"},
	{"the beginning of gzip", "\x1f\x8b", nil, "gzip"},
}

func TestBrokenDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range broken {
		t.Run(tt.name, func(t *testing.T) {
			for how, reader := range map[string]io.Reader{"plain": strings.NewReader(tt.text), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.text))} {
				got := cutUp(reader)
				if diff := cmp.Diff(tt.want, withoutReasons(got.records)); diff != "" {
					t.Errorf("%s: %s", how, diff)
				}
				if (got.err != nil) != (tt.err != "") || got.err != nil && !strings.Contains(got.err.Error(), tt.err) {
					t.Errorf("%s: %v, want %q", how, got.err, tt.err)
				}
				if !slices.IsSorted(got.at) {
					t.Errorf("%s: records begin at %v", how, got.at)
				}
			}
		})
	}
}

func TestNaNAndInfinityInErrors(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"NaN", "nan", "Infinity", "-Infinity", "infinity", "-inf", "inf"} {
		want := "not JSON: " + word + " is not a number: want a number or null"
		for _, line := range []string{`{"a":` + word + `}`, `{"b":1, "a" : ` + word + `, "c":1}`, `{"a":[1,` + word + `]}`, word} {
			got := cutUp(strings.NewReader("{\"a\":1}\n" + line + "\n{\"a\":2}\n"))
			if diff := cmp.Diff([]string{`{"a":1}`, "! " + want, `{"a":2}`}, got.records); diff != "" || got.err != nil {
				t.Errorf("%s: %v %s", line, got.err, diff)
			}
		}
		if got := cutUp(strings.NewReader(`[{"a":1},{"a":` + word + `}]`)); got.err == nil || !strings.HasSuffix(got.err.Error(), want) {
			t.Errorf("in an array: %v", got.err)
		}
	}
}

// withoutReasons replaces each rejected record by a mark.
func withoutReasons(records []string) []string {
	for i, r := range records {
		if strings.HasPrefix(r, "! ") {
			records[i] = "!"
		}
	}
	return records
}

func TestReadErrorEndsTheDocument(t *testing.T) {
	t.Parallel()
	failure := errors.New("read failed")
	for _, text := range []string{"", "[", `[{"a":1}`, `[{"a":1}]`, "{\"a\":1}\n", "{\"a\":1}\n{\"a", "nonsense", "{\"a\":1}\nnonsense"} {
		got := cutUp(io.MultiReader(strings.NewReader(text), iotest.ErrReader(failure)))
		if !errors.Is(got.err, failure) {
			t.Errorf("%q: %v, want that %v", text, got.err, failure)
		}
	}
}

// TestTruncatedDocuments truncates documents at every byte. Each is reported as broken unless only white space is
// missing.
func TestTruncatedDocuments(t *testing.T) {
	t.Parallel()
	for _, tt := range documents {
		text, _ := unmarked(tt.text)
		whole := len(strings.TrimRight(text, " \t\r\n"))
		for n := range whole {
			got := cutUp(strings.NewReader(text[:n]))
			between := strings.TrimRight(text[:n], " \t\r\n\ufeff")
			depth := strings.Count(between, "{") + strings.Count(between, "[") - strings.Count(between, "}") - strings.Count(between, "]")
			if depth > 0 && (got.err == nil || !strings.Contains(got.err.Error(), "ends in the middle")) {
				t.Errorf("%s, cut after byte %d: %d records, %v", tt.name, n, len(got.records), got.err)
			}
			if want := strings.Count(between, `:1}`) + strings.Count(between, `:2}`) + strings.Count(between, `:3}`); len(got.records) < min(want, 1) {
				t.Errorf("%s, cut after byte %d: %d records, want those before the cut", tt.name, n, len(got.records))
			}
		}
		compressed := zipped(text)
		for n := 1; n < len(compressed); n++ {
			if got := cutUp(strings.NewReader(compressed[:n])); got.err == nil && !allRejected(got.records) {
				t.Errorf("%s, compressed and cut after byte %d: %d records and no error", tt.name, n, len(got.records))
			}
		}
	}
}

func allRejected(records []string) bool {
	return !slices.ContainsFunc(records, func(r string) bool { return !strings.HasPrefix(r, "! ") })
}
