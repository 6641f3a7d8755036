package calls

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// columns are the columns that have a field in the model, in the order in which they are written.
var columns = []string{"call_id", "account", "caller", "called", "started_at", "seconds", "price", "currency"}

// errNoHeading is returned for a document of another format.
var errNoHeading = errors.New("want CSV with a heading that has call_id and started_at")

// convert returns the records of a CSV document with a heading as NDJSON: each an object of texts, with a member for each
// cell that is not empty. Reading fails at a row with more or fewer cells than the heading.
func convert(document io.Reader) io.Reader {
	return &converter{rows: csv.NewReader(document)}
}

type converter struct {
	rows    *csv.Reader
	heading []string
	buffer  bytes.Buffer
	err     error
}

func (c *converter) Read(p []byte) (int, error) {
	for c.buffer.Len() == 0 {
		if c.err == nil {
			c.err = c.next()
		}
		if c.err != nil {
			return 0, c.err
		}
	}
	return c.buffer.Read(p)
}

// next writes the next row to the buffer.
func (c *converter) next() error {
	row, err := c.rows.Read()
	switch {
	case errors.Is(err, io.EOF) && c.heading == nil:
		return errors.New("an empty document: want CSV with a heading")
	case errors.Is(err, io.EOF):
		return io.EOF
	case c.heading == nil && err == nil:
		row[0] = strings.TrimPrefix(row[0], "\ufeff") // the byte order mark of spreadsheets
		if !slices.Contains(row, "call_id") || !slices.Contains(row, "started_at") {
			return errNoHeading
		}
		c.heading = row
		return nil
	case c.heading == nil:
		return errNoHeading
	case err != nil:
		return fmt.Errorf("CSV: %w", err)
	}
	e := jsontext.NewEncoder(&c.buffer)
	tokens := []jsontext.Token{jsontext.BeginObject}
	for i, cell := range row {
		if cell != "" {
			tokens = append(tokens, jsontext.String(c.heading[i]), jsontext.String(cell))
		}
	}
	for _, token := range append(tokens, jsontext.EndObject) {
		if err := e.WriteToken(token); err != nil {
			return fmt.Errorf("CSV: line %d: %w", c.line(), err)
		}
	}
	return nil
}

// line returns the number of the current row's first line.
func (c *converter) line() int {
	line, _ := c.rows.FieldPos(0)
	return line
}
