package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Column is a column that a CSV document may have. Its name is that of the member of a JSON record.
type Column struct {
	Name string
	Kind ColumnKind
}

// ColumnKind is the type of the values of a column.
type ColumnKind int

// The kinds of columns.
const (
	TextColumn ColumnKind = iota
	NumberColumn
	BoolColumn
)

// csvDocument reads the records of a CSV document (RFC 4180), whose header was read.
type csvDocument struct {
	rows    csvReader
	columns []Column
}

// isCSV reports whether text begins with a CSV header: whether a cell of its first line is the name of a column.
func isCSV(text []byte, columns []Column) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return slices.ContainsFunc(bytes.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",;\"\r", r) }), func(name []byte) bool {
		return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == string(name) })
	})
}

// openCSV reads the header of a CSV document. It returns a FormatError if the header has other names than those of the
// columns, a name twice, or not all required ones.
func openCSV(text *bufio.Reader, s Source) (*csvDocument, error) {
	d := &csvDocument{rows: csvReader{in: text, comma: ','}}
	if mark, _ := text.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		skipped, _ := text.Discard(len(byteOrderMark))
		d.rows.at = int64(skipped)
	}
	head, _ := text.Peek(headSize)
	if line, _, _ := bytes.Cut(head, []byte("\n")); bytes.IndexByte(line, ';') >= 0 {
		d.rows.comma = ';'
	}
	cells, err := d.rows.next()
	if err != nil {
		return nil, &FormatError{"CSV with an invalid header: " + err.Error(), csvForm}
	}
	names := map[string]bool{}
	for i, name := range cells {
		at := slices.IndexFunc(s.CSV, func(c Column) bool { return c.Name == string(name) })
		switch {
		case at < 0:
			return nil, &FormatError{fmt.Sprintf("CSV whose column %d has an unknown name", i+1), csvForm}
		case names[string(name)]:
			return nil, &FormatError{fmt.Sprintf("CSV with the column %s twice", name), csvForm}
		}
		names[string(name)] = true
		d.columns = append(d.columns, s.CSV[at])
	}
	if !required(s.Required).in(names) {
		return nil, &FormatError{"CSV without the columns that every record has", csvForm}
	}
	return d, nil
}

// records returns the rows as JSON objects, without the members whose cells are empty. An error is the last element: the
// rest of the document cannot be read.
func (d *csvDocument) records() iter.Seq2[rawRecord, error] {
	return func(yield func(rawRecord, error) bool) {
		for number := int64(1); ; number++ {
			record := rawRecord{Position: Position{Number: number, Offset: d.rows.at}}
			cells, err := d.rows.next()
			record.Offset = d.rows.begin
			var field *FieldError
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &field):
				record.err, record.text = err, d.rows.raw
			case err != nil:
				yield(rawRecord{}, &BrokenError{d.rows.at, number - 1, err})
				return
			default:
				record.value, record.err = d.object(cells)
				record.text = d.rows.raw
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// object returns the cells of a row as a JSON object. It returns a FieldError for a cell that has no value of its
// column.
func (d *csvDocument) object(cells [][]byte) (jsontext.Value, error) {
	if len(cells) != len(d.columns) {
		return nil, Field("", fmt.Sprintf("want %d cells, as in the header, not %d", len(d.columns), len(cells)))
	}
	object := []byte{'{'}
	for i, cell := range cells {
		if len(cell) == 0 {
			continue
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		var err error
		object = append(append(append(object, '"'), d.columns[i].Name...), '"', ':')
		if object, err = d.columns[i].append(object, cell); err != nil {
			return nil, err
		}
	}
	return append(object, '}'), nil
}

// append appends a cell as a JSON value.
func (c Column) append(object, cell []byte) ([]byte, error) {
	switch value := jsontext.Value(cell); {
	case c.Kind == TextColumn && !utf8.Valid(cell):
		return nil, Field(c.Name, "text must be UTF-8")
	case c.Kind == TextColumn:
		return jsontext.AppendQuote(object, cell)
	case c.Kind == NumberColumn && (value.Kind() != '0' || !value.IsValid() || bytes.ContainsAny(cell, " \t\r\n")):
		return nil, Field(c.Name, "want a number, with a decimal point and without thousands separators")
	case c.Kind == BoolColumn && string(cell) != "true" && string(cell) != "false":
		return nil, Field(c.Name, "want true or false")
	}
	return append(object, cell...), nil
}
