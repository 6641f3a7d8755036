// Command bench loads a generated data set into SQLite and PostgreSQL. It then measures the requests per second of
// usagegraph on each, of PostGraphile on the same PostgreSQL, and of the floor: one hand-written statement behind a
// minimal handler. The measurements are interleaved in one run. See bench/README.md.
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

// settings determine the size of a run.
type settings struct {
	// folder contains the programs and the data; queries is the folder of the queries.
	folder, queries    string
	customers, records int
	rounds             int
	// seconds is the duration of one measurement.
	seconds int
	// variants is the number of parameter sets of each query.
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
	output := flag.String("json", "", "also write the figures to this file")
	folder := flag.String("folder", "", "folder of the programs and the data")
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
