// Command bench loads a generated data set into SQLite and PostgreSQL. It then measures usagegraph on each, PostGraphile,
// GraphJin if its binary is given, and the floor: hand-written handlers for the same answers. The measurements are
// interleaved in one run. See bench/README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"usagegraph/bench/floor"
)

// settings determine what a run measures.
type settings struct {
	// folder contains the programs and the data; queries is the folder of the queries.
	folder, queries    string
	customers, records int
	rounds             int
	// seconds is the duration of one measurement.
	seconds int
	// variants is the number of parameter sets of each query.
	variants int
	// graphJin is the file of its binary; empty leaves it out.
	graphJin string
	// only selects rows of the table by query and client: "Q1 one".
	only *regexp.Regexp
	soak soakSettings
}

var (
	full  = settings{customers: 10_000, records: 2_000_000, rounds: 5, seconds: 3, variants: 40}
	quick = settings{customers: 2_000, records: 200_000, rounds: 3, seconds: 1, variants: 20}
)

func main() {
	run := measureAll
	if len(os.Args) == 4 && os.Args[1] == "floor" {
		run = func() error { return serveFloor(os.Args[2], os.Args[3]) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

// serveFloor serves the floor at an address.
func serveFloor(url, address string) error {
	handler, err := floor.Handler(context.Background(), url)
	if err != nil {
		return err
	}
	return http.ListenAndServe(address, handler)
}

// parse returns the settings of the command line, and the file of --json.
func parse() (s settings, output string, err error) {
	isQuick := flag.Bool("quick", false, "measure with 200,000 records")
	flag.StringVar(&output, "json", "", "also write the figures to this file")
	folder := flag.String("folder", "", "folder of the programs and the data")
	graphJin := flag.String("graphjin", os.Getenv("GRAPHJIN"), "binary of GraphJin 3, to measure it, too ($GRAPHJIN)")
	only := flag.String("only", "", "measure only the rows whose query and client match this pattern, such as '^Q. one'")
	var soak soakSettings
	flag.IntVar(&soak.minutes, "soak", 0, "in place of the table, send requests at a fixed rate for so many minutes to each of both databases")
	flag.IntVar(&soak.rate, "rate", 400, "requests per second of --soak")
	flag.IntVar(&soak.imported, "import", 0, "during --soak, import so many records")
	flag.Parse()
	if s = full; *isQuick {
		s = quick
	}
	s.folder, s.queries, s.graphJin, s.soak = *folder, filepath.Join("bench", "queries"), *graphJin, soak
	s.only, err = regexp.Compile(*only)
	return s, output, err
}

func measureAll() (err error) {
	s, output, err := parse()
	if err != nil {
		return err
	}
	data, err := load(s, os.Getenv("USAGEGRAPH_TEST_POSTGRES"))
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	scopes, err := scopesOf(s, data)
	if err != nil {
		return fmt.Errorf("clients: %w", err)
	}
	servers, stop, err := start(s, data)
	defer stop()
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	queries, err := prepare(s, data, servers, scopes)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	for _, q := range queries {
		if err := check(q, data); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	if s.soak.minutes > 0 {
		return soak(s, data, queries)
	}
	began := time.Now()
	if err := measure(s, data, queries); err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "measured in %s\n", time.Since(began).Round(time.Second))
	printTable(os.Stdout, queries)
	printGoals(os.Stdout, queries)
	printLoads(os.Stdout, s, data)
	if s.graphJin == "" {
		fmt.Println("\nGraphJin was left out: give its binary by --graphjin FILE or GRAPHJIN.")
	}
	if output == "" {
		return nil
	}
	text, err := json.MarshalIndent(figures(queries), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(output, append(text, '\n'), 0o644)
}
