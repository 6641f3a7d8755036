package ingest

import (
	"bytes"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func FuzzSplit(f *testing.F) {
	for _, d := range documents {
		text, _ := unmarked(d.text)
		f.Add([]byte(text))
	}
	for _, d := range broken {
		f.Add([]byte(d.text))
	}
	f.Add([]byte(zipped("[{\"a\":1}]")))
	f.Fuzz(func(t *testing.T, document []byte) {
		got := cutUp(bytes.NewReader(document))
		last := int64(-1)
		for i, r := range got.records {
			if got.at[i] <= last {
				t.Errorf("record %d begins at byte %d, the one before at %d", i+1, got.at[i], last)
			}
			last = got.at[i]
			if strings.HasPrefix(r, "broken: ") {
				t.Errorf("record %d is no JSON: %s", i+1, r)
			}
			compressed := bytes.HasPrefix(document, []byte{0x1f, 0x8b})
			if !compressed && (last >= int64(len(document)) || !strings.HasPrefix(r, "! ") && document[last] != r[0]) {
				t.Errorf("record %d does not begin at byte %d: %s", i+1, last, r)
			}
		}
		again := cutUp(iotest.OneByteReader(bytes.NewReader(document)))
		if diff := cmp.Diff(withoutReasons(got.records), withoutReasons(again.records)); diff != "" || (got.err == nil) != (again.err == nil) {
			t.Errorf("byte by byte: %v and %v, %s", got.err, again.err, diff)
		}
	})
}
