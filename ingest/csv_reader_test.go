package ingest

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// rowsIn returns the rows of a CSV text, each cell in brackets, and an invalid row as its reason. The last error is
// that which ended the text.
func rowsIn(r io.Reader) (rows []string, begins []int64, err error) {
	reader := csvReader{in: bufio.NewReaderSize(r, 16), comma: ','}
	for {
		cells, err := reader.next()
		var field *FieldError
		switch {
		case errors.Is(err, io.EOF):
			return rows, begins, nil
		case errors.As(err, &field):
			rows = append(rows, "! "+field.Reason)
		case err != nil:
			return rows, begins, err
		default:
			rows = append(rows, "["+string(bytes.Join(cells, []byte("][")))+"]")
		}
		begins = append(begins, reader.begin)
	}
}

func TestCSVRows(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"lines", "a,b\r\nc,d\ne,f", []string{"[a][b]", "[c][d]", "[e][f]"}},
		{"empty cells", ",\n,,\r\n\"\",\"\"", []string{"[][]", "[][][]", "[][]"}},
		{"empty lines", "\n\r\na\n\n\nb\r\n\r\n", []string{"[a]", "[b]"}},
		{"quotes", `"a","b ""c"" d","e,f"` + "\n", []string{`[a][b "c" d][e,f]`}},
		{"line breaks in quotes stay as they are", "\"a\r\nb\",\"c\nd\"\r\ne,f", []string{"[a\r\nb][c\nd]", "[e][f]"}},
		{"a quote in a plain cell", "a,b\"c\nd,e\n", []string{"! a quote inside of a cell without quotes", "[d][e]"}},
		{"text after a closing quote", "\"a\"b,c\nd,e\n", []string{"! text after the closing quote of a cell", "[d][e]"}},
		{"a carriage return after a closing quote", "\"a\"\rb,c\nd,e\n", []string{"! text after the closing quote of a cell", "[d][e]"}},
		{"an invalid last row", "a\n\"b\"c", []string{"[a]", "! text after the closing quote of a cell"}},
		{"an invalid row that ends with its reason", "\"a\"\r\r\nb\n", []string{"! text after the closing quote of a cell", "[b]"}},
		{"spaces are text", " a , \"b\n", []string{"! a quote inside of a cell without quotes"}},
	} {
		rows, _, err := rowsIn(strings.NewReader(tt.text))
		if diff := cmp.Diff(tt.want, rows); diff != "" || err != nil {
			t.Errorf("%s: %v %s", tt.name, err, diff)
		}
	}
	if rows, _, err := rowsIn(strings.NewReader("a\n\"b\nc\n")); err == nil || len(rows) != 1 {
		t.Errorf("a quote without an end: %q, %v", rows, err)
	}
	if _, _, err := rowsIn(strings.NewReader(strings.Repeat("x", maxRecord+2))); !errors.Is(err, errTooLarge) {
		t.Errorf("a long row: %v", err)
	}
	if _, _, err := rowsIn(iotest.TimeoutReader(strings.NewReader(strings.Repeat("a,b\n", 100)))); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("a reader that fails: %v", err)
	}
}

// TestCSVRowsAreReadAsWritten writes random rows by the rules of RFC 4180 and reads them.
func TestCSVRowsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	for seed := range uint64(500) {
		random := rand.New(rand.NewPCG(seed, 0))
		var text strings.Builder
		var want []string
		for range random.IntN(5) {
			row := make([]string, 2+random.IntN(3))
			for i := range row {
				row[i] = randomCell(random)
				written := row[i]
				if strings.ContainsAny(written, ",\"\r\n") || random.IntN(2) == 0 {
					written = `"` + strings.ReplaceAll(written, `"`, `""`) + `"`
				}
				if text.WriteString(written); i < len(row)-1 {
					text.WriteByte(',')
				}
			}
			text.WriteString([]string{"\n", "\r\n"}[random.IntN(2)])
			want = append(want, "["+strings.Join(row, "][")+"]")
		}
		rows, _, err := rowsIn(strings.NewReader(text.String()))
		if diff := cmp.Diff(want, rows); diff != "" || err != nil {
			t.Fatalf("seed %d, %q: %v %s", seed, text.String(), err, diff)
		}
	}
}

func randomCell(random *rand.Rand) string {
	cell := make([]rune, random.IntN(6))
	for i := range cell {
		cell[i] = []rune("ab1 ,;\"\r\né")[random.IntN(10)]
	}
	return string(cell)
}

func FuzzCSV(f *testing.F) {
	for _, text := range []string{"a,b\r\nc,d", "\"a\"\"b\",c\n", "a\"b\nc", "\"a", "\"a\"b\n\n,", "\"a\r\nb\"\r\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, begins, err := rowsIn(strings.NewReader(text))
		last := int64(-1)
		for i, at := range begins {
			if at <= last || at > int64(len(text)) {
				t.Errorf("row %d begins at byte %d, the one before at %d", i+1, at, last)
			}
			last = at
		}
		again, _, errAgain := rowsIn(iotest.OneByteReader(strings.NewReader(text)))
		if diff := cmp.Diff(rows, again); diff != "" || (err == nil) != (errAgain == nil) {
			t.Errorf("byte by byte: %v and %v, %s", err, errAgain, diff)
		}
		if strings.Contains(text, "\r") {
			return // encoding/csv drops carriage returns in quotes
		}
		std := csv.NewReader(strings.NewReader(text))
		std.FieldsPerRecord = -1
		all, stdErr := std.ReadAll()
		if stdErr != nil {
			return
		}
		var want []string
		for _, row := range all {
			want = append(want, "["+strings.Join(row, "][")+"]")
		}
		if diff := cmp.Diff(want, rows); diff != "" || err != nil {
			t.Errorf("encoding/csv differs: %v %s", err, diff)
		}
	})
}
