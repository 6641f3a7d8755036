package ingest

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyBrokenLinesOfALongDocumentAreRejected(t *testing.T) {
	t.Parallel()
	var document strings.Builder
	good, bad := 0, 0
	var at []int64
	for i := range 3000 {
		at = append(at, int64(document.Len()))
		switch {
		case i%7 == 3:
			fmt.Fprintf(&document, "{\"n\":%d,\"text\":%s oops}\n", i, strings.Repeat("9", i%100+1))
			bad++
		default:
			fmt.Fprintf(&document, "{\"n\":%d,\"text\":%q}\n", i, strings.Repeat("x", i%200))
			good++
		}
	}
	for how, reader := range map[string]io.Reader{
		"plain": strings.NewReader(document.String()), "in halves": iotest.HalfReader(strings.NewReader(document.String())), "gzip": strings.NewReader(zipped(document.String())),
	} {
		got := cutUp(reader)
		rejected := 0
		for i, r := range got.records {
			if strings.HasPrefix(r, "! ") {
				rejected++
			} else if i < len(at) && (!strings.HasPrefix(r, fmt.Sprintf(`{"n":%d,`, i)) || got.at[i] != at[i]) {
				t.Fatalf("%s: record %d at %d is %s", how, i, got.at[i], r)
			}
		}
		if got.err != nil || rejected != bad || len(got.records)-rejected != good {
			t.Errorf("%s: %d rejected and %d read, want %d and %d; %v", how, rejected, len(got.records)-rejected, bad, good, got.err)
		}
	}
}

// endless is a reader that repeats a text without end, and counts the bytes read.
type endless struct {
	begin, repeat string
	n             int64
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if e.begin == "" {
			e.begin = e.repeat
		}
		read := copy(p[n:], e.begin)
		e.begin = e.begin[read:]
		n += read
	}
	e.n += int64(n)
	return n, nil
}

func TestTooLargeRecordEndsTheDocument(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for name, document := range map[string]*endless{
		"a text without end":            {begin: `[{"a":1},{"a":"`, repeat: long},
		"an array without end":          {begin: `[{"a":1},{"a":[`, repeat: `"` + long + `",`},
		"members without end":           {begin: `{"a":1} {`, repeat: `"` + long + "\":1,\n"},
		"lines without end":             {begin: "{\"a\":1}\n{\n\"a\":\"", repeat: long},
		"an envelope that does not end": {begin: `{"results":[{"a":1}],"more":"`, repeat: long},
		"empty lines without end":       {begin: "{\"a\":1}\n", repeat: strings.Repeat("\n", 1000)},
	} {
		t.Run(name, func(t *testing.T) {
			got := cutUp(document)
			if got.err == nil || !strings.Contains(got.err.Error(), "a record of more than 16 MiB") || len(got.records) != 1 {
				t.Errorf("%d records, %v", len(got.records), got.err)
			}
			if document.n > 2*maxRecord+1<<20 {
				t.Errorf("%d bytes were read", document.n)
			}
		})
	}
}

func TestTooLargeLineIsRejected(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1000)
	for name, line := range map[string]struct{ begin, repeat, end string }{
		"a text":              {`{"a":"`, long, `"}`},
		"members":             {`{"a":0`, `,"` + long + `":1`, `}`},
		"an array":            {`{"a":[0`, `,"` + long + `"`, `]}`},
		"a plain text":        {`"`, long, `"`},
		"one that is no JSON": {`{"a":"`, long, `"`},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int64{maxRecord + 1<<12, 3 * maxRecord} {
				middle := io.LimitReader(&endless{repeat: line.repeat}, size/int64(len(line.repeat))*int64(len(line.repeat)))
				got := cutUp(io.MultiReader(strings.NewReader("{\"a\":1}\n"+line.begin), middle, strings.NewReader(line.end+"\n{\"a\":2}\n")))
				want := []string{`{"a":1}`, "! " + errTooLarge.Error(), `{"a":2}`}
				if diff := cmp.Diff(want, got.records); diff != "" || got.err != nil {
					t.Errorf("%d bytes: %v %.500s", size, got.err, diff)
				}
			}
		})
	}
	got := cutUp(io.MultiReader(strings.NewReader("{\"a\":1}\n{\"a\":\""), io.LimitReader(&endless{repeat: long}, 2*maxRecord)))
	if len(got.records) != 2 || got.err != nil {
		t.Errorf("a last line without end: %d records, %v", len(got.records), got.err)
	}
}

func TestLargeRecord(t *testing.T) {
	t.Parallel()
	large := `{"a":"` + strings.Repeat("x", maxRecord-1<<10) + `"}`
	for name, document := range map[string]string{
		"in an array": `[{"b":1},` + large + "]", "on a line": "{\"b\":1}\n" + large + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			got := cutUp(strings.NewReader(document))
			if got.err != nil || len(got.records) != 2 || got.records[1] != large {
				t.Errorf("%d records, %v", len(got.records), got.err)
			}
		})
	}
}

func TestBrokenLineLongerThanARecord(t *testing.T) {
	t.Parallel()
	document := io.MultiReader(strings.NewReader("{\"a\":1}\nnonsense "), io.LimitReader(&endless{repeat: strings.Repeat("x", 1000)}, 3*maxRecord), strings.NewReader("\n{\"a\":2}\n"))
	got := cutUp(document)
	if got.err != nil || len(got.records) != 3 || got.records[2] != `{"a":2}` {
		t.Errorf("%d records, %v", len(got.records), got.err)
	}
}
