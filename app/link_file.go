package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"usagegraph/db"
	"usagegraph/sources/rest"
)

// readLinkFile returns the pairs of customers in a CSV file; - is standard input. Rows have at least two columns;
// further columns are ignored.
func readLinkFile(file string, in io.Reader) ([][]string, error) {
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	r.Comment = '#'
	r.TrimLeadingSpace = true
	pairs, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	if len(pairs) == 0 {
		return nil, errors.New("link: no pairs in the file")
	}
	pairs[0][0] = strings.TrimPrefix(pairs[0][0], "\ufeff") // byte order mark of spreadsheets
	for i, pair := range pairs {
		if len(pair) < 2 {
			return nil, fmt.Errorf("link: pair %d: want two columns, such as elevate:17,stn:4neHKRNRJcSs78FSX", i+1)
		}
	}
	return pairs, nil
}

// suggest prints pairs as CSV, with the number of shared phone numbers and the customers' names in further columns.
func suggest(ctx context.Context, store *db.Store, std streams) error {
	pairs, err := store.SuggestLinks(ctx)
	if err != nil {
		return err
	}
	w := csv.NewWriter(std.out)
	for _, p := range pairs {
		w.Write([]string{
			db.SourceID{Source: p.SourceA, Value: p.ValueA}.String(), db.SourceID{Source: p.SourceB, Value: p.ValueB}.String(),
			plural(int64(p.Shared), "shared number", "shared numbers"), nameCell(p.NameA), nameCell(p.NameB),
		})
	}
	w.Flush()
	if len(pairs) == 0 {
		fmt.Fprintln(std.err, "No two customers share a phone number.")
	}
	return w.Error()
}

// nameCell returns a customer's name as a CSV cell, or an empty string for nil.
func nameCell(name *string) string {
	if name == nil {
		return ""
	}
	return rest.Cell(*name)
}
