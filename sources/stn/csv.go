package stn

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"reflect"

	"github.com/go-json-experiment/json"

	"usagegraph/sources/rest"
)

// cell returns a field of the summary as a CSV cell: JSON for a list, empty for null.
func (s *Summary) cell(f *field) (string, error) {
	value := reflect.ValueOf(s).Elem().Field(f.index)
	if value.IsNil() {
		return "", nil
	}
	if text, ok := value.Interface().(*string); ok {
		return rest.Cell(*text), nil
	}
	written, err := json.Marshal(value.Interface())
	return string(written), err
}

// writeCSV writes a header with the selected fields, and a row for each record. It reads records in batches while it
// writes.
func (p *page) writeCSV(ctx context.Context, w io.Writer) error {
	columns := p.query.fields
	if columns == nil {
		columns = responseFields()
	}
	out, cells := csv.NewWriter(w), make([]string, len(columns))
	for i, f := range columns {
		cells[i] = f.name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	err := p.eachSummary(ctx, func(s *Summary) (err error) {
		for i, f := range columns {
			if cells[i], err = s.cell(f); err != nil {
				return err
			}
		}
		return out.Write(cells)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// csvHeader returns the HTTP headers of a CSV response.
func csvHeader() http.Header {
	return http.Header{
		"Content-Type":        {"text/csv; charset=utf-8"},
		"Content-Disposition": {`attachment; filename="QueryUsageSubscription.csv"`},
	}
}
