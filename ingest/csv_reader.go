package ingest

import (
	"bufio"
	"errors"
	"io"

	"usagegraph/db"
)

// csvReader reads the rows of a CSV text. Unlike encoding/csv it keeps line breaks inside of quotes as they are, and
// goes on after an invalid row.
type csvReader struct {
	in    *bufio.Reader
	comma byte
	// at is the offset of the next byte, begin that of the last row.
	at, begin int64
	// raw is the text of the row, or a beginning of it with more than db.MaxRejectText bytes.
	raw []byte
	// text holds the cells of the row, ends the end of each in it.
	text []byte
	ends []int
}

// next returns the cells of the next row that is not empty; they are valid until the next call. It returns a FieldError
// for an invalid row, after which the next one can be read, io.EOF at the end, and another error if the rest cannot be
// read.
func (r *csvReader) next() ([][]byte, error) {
	for {
		r.begin, r.raw, r.text, r.ends = r.at, r.raw[:0], r.text[:0], r.ends[:0]
		last, err := r.row()
		switch {
		case err != nil:
			return nil, err
		case last && r.at == r.begin:
			return nil, io.EOF
		case len(r.ends) == 1 && r.ends[0] == 0 && r.at-r.begin <= 2:
			continue // an empty line
		}
		cells, from := make([][]byte, len(r.ends)), 0
		for i, end := range r.ends {
			cells[i], from = r.text[from:end], end
		}
		return cells, nil
	}
}

// row reads the cells up to the end of the line, and reports whether the text ends there.
func (r *csvReader) row() (last bool, err error) {
	for {
		var end byte
		quoted, err := r.in.Peek(1)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, err
		}
		if string(quoted) == `"` {
			end, last, err = r.quoted()
		} else {
			end, last, err = r.plain()
		}
		if err != nil {
			return false, err
		}
		if r.ends = append(r.ends, len(r.text)); end != r.comma {
			return last, nil
		}
	}
}

// plain reads a cell without quotes. It returns the comma or line feed after it, or true at the end of the text.
func (r *csvReader) plain() (end byte, last bool, err error) {
	from := len(r.text)
	for {
		b, err := r.read()
		switch {
		case errors.Is(err, io.EOF):
			return 0, true, nil
		case err != nil:
			return 0, false, err
		case b == r.comma:
			return b, false, nil
		case b == '\n':
			if n := len(r.text); n > from && r.text[n-1] == '\r' {
				r.text = r.text[:n-1]
			}
			return b, false, nil
		case b == '"':
			return 0, false, r.invalid("a quote inside of a cell without quotes", b)
		}
		r.text = append(r.text, b)
	}
}

// quoted reads a cell in quotes, in which two quotes stand for one. It returns the same as plain.
func (r *csvReader) quoted() (end byte, last bool, err error) {
	if _, err := r.read(); err != nil {
		return 0, false, err
	}
	for {
		b, err := r.read()
		switch {
		case errors.Is(err, io.EOF):
			return 0, false, errors.New("the document ends in the middle of a quoted cell")
		case err != nil:
			return 0, false, err
		case b != '"':
			r.text = append(r.text, b)
			continue
		}
		if b, err = r.read(); err == nil && b == '\r' {
			b, err = r.read()
			if err == nil && b != '\n' {
				return 0, false, r.invalid("text after the closing quote of a cell", b)
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return 0, true, nil
		case err != nil:
			return 0, false, err
		case b == '"':
			r.text = append(r.text, b)
			continue
		case b == r.comma || b == '\n':
			return b, false, nil
		}
		return 0, false, r.invalid("text after the closing quote of a cell", b)
	}
}

// read returns the next byte. It returns errTooLarge inside of a row of more than maxRecord bytes.
func (r *csvReader) read() (byte, error) {
	if r.at-r.begin > maxRecord {
		return 0, errTooLarge
	}
	b, err := r.in.ReadByte()
	if err == nil {
		r.at++
		if len(r.raw) <= db.MaxRejectText {
			r.raw = append(r.raw, b)
		}
	}
	return b, err
}

// invalid skips the rest of the line, of which last was read, and returns a FieldError with the reason.
func (r *csvReader) invalid(reason string, last byte) error {
	for last != '\n' {
		b, err := r.read()
		switch {
		case errors.Is(err, io.EOF):
			return Field("", reason)
		case err != nil:
			return err
		}
		last = b
	}
	return Field("", reason)
}
