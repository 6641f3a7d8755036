package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"usagegraph/db"
	"usagegraph/ingest"
)

type linkCommand struct {
	Customers []string `arg:"" optional:"" name:"customer" help:"Two customers who are the same, each as system:id (elevate:17 stn:4neHKRNRJcSs78FSX)."`
	File      string   `help:"A CSV file of such pairs, two columns without a heading; - is standard input." placeholder:"CSV"`
	Suggest   bool     `help:"List the pairs that share phone numbers, in the form that --file takes; nothing is linked."`
}

// Run links customers, or suggests whom to link.
func (c *linkCommand) Run(ctx context.Context, s *settings, std streams) error {
	given := 0
	for _, is := range []bool{len(c.Customers) > 0, c.File != "", c.Suggest} {
		if is {
			given++
		}
	}
	if given != 1 || len(c.Customers) > 0 && len(c.Customers) != 2 {
		return errors.New("link: give two customers (elevate:17 stn:4neHKRNRJcSs78FSX), or --file, or --suggest")
	}
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if c.Suggest {
		return suggest(ctx, store.Store, std)
	}
	pairs := [][]string{c.Customers}
	if c.File != "" {
		if pairs, err = readPairs(c.File, std.in); err != nil {
			return err
		}
	}
	links := make([]ingest.Link, len(pairs))
	for i, pair := range pairs {
		if links[i], err = ingest.ParseLink(pair[0], pair[1]); err != nil {
			return fmt.Errorf("link: pair %d: %w", i+1, err)
		}
	}
	made, err := ingest.LinkCustomers(ctx, store.Store, links)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%d pairs: %d linked now, %d were one customer before\n", len(links), made, len(links)-made)
	return nil
}

func readPairs(file string, in io.Reader) ([][]string, error) {
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
	for i, pair := range pairs {
		if len(pair) < 2 {
			return nil, fmt.Errorf("link: pair %d: want two columns, such as elevate:17,stn:4neHKRNRJcSs78FSX", i+1)
		}
	}
	return pairs, nil
}

// suggest prints pairs as CSV; what follows the second column says why.
func suggest(ctx context.Context, store *db.Store, std streams) error {
	pairs, err := store.SuggestLinks(ctx)
	if err != nil {
		return err
	}
	w := csv.NewWriter(std.out)
	for _, p := range pairs {
		w.Write([]string{
			db.SourceID{Source: p.SourceA, Value: p.ValueA}.String(), db.SourceID{Source: p.SourceB, Value: p.ValueB}.String(),
			fmt.Sprintf("%d shared numbers", p.Shared), named(p.NameA), named(p.NameB),
		})
	}
	w.Flush()
	if len(pairs) == 0 {
		fmt.Fprintln(std.err, "No two customers share a phone number.")
	}
	return w.Error()
}

func named(name *string) string {
	if name == nil {
		return ""
	}
	return *name
}
