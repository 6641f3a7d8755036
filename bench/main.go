// Command bench loads one made-up data set into SQLite and PostgreSQL and measures, interleaved in one run, how many
// requests a second usagegraph answers on each, PostGraphile on the same PostgreSQL, and one hand-written statement
// behind a bare handler: the floor. See bench/README.md.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// settings are how large a run is.
type settings struct {
	// folder is where the programs are and data may go; queries is where the queries are.
	folder, queries    string
	customers, records int
	rounds             int
	// seconds is how long one measurement takes.
	seconds int
	// variants is how many sets of parameters each query has.
	variants int
}

var (
	full  = settings{customers: 10_000, records: 2_000_000, rounds: 5, seconds: 3, variants: 40}
	quick = settings{customers: 2_000, records: 200_000, rounds: 2, seconds: 2, variants: 20}
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run() (err error) {
	isQuick := flag.Bool("quick", false, "measure with 200,000 records, in a few minutes")
	output := flag.String("json", "", "write the figures to this file, too")
	folder := flag.String("folder", "", "where the programs are and data may go")
	flag.Parse()
	s := full
	if *isQuick {
		s = quick
	}
	s.folder, s.queries = *folder, filepath.Join("bench", "queries")

	data, err := load(s, os.Getenv("USAGEGRAPH_TEST_POSTGRES"))
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	contenders, stop, err := start(s, data)
	defer stop()
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	queries, err := prepare(s, data, contenders)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for _, q := range queries {
		if err := check(q, data); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	began := time.Now()
	if err := measure(s, queries); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "measured in %s\n", time.Since(began).Round(time.Second))
	printTable(os.Stdout, queries)
	if *output == "" {
		return nil
	}
	text, err := json.MarshalIndent(figures(queries), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(*output, append(text, '\n'), 0o644)
}
