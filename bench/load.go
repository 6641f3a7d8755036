package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	_ "github.com/lib/pq"
)

// data is the location of the data set, which is the same in both databases.
type data struct {
	postgresURL, sqlite string
	*sql.DB             // PostgreSQL
}

// load creates a PostgreSQL database and a SQLite file, and fills both with usagegraph demo.
func load(s settings, server string) (*data, error) {
	u, err := url.Parse(server)
	if err != nil || server == "" {
		return nil, errors.New("USAGEGRAPH_TEST_POSTGRES is not the URL of a PostgreSQL server: start the bench with bench/run")
	}
	root, err := sql.Open("postgres", server)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := root.Exec("CREATE DATABASE bench"); err != nil {
		return nil, err
	}
	u.Path = "/bench"
	d := &data{postgresURL: u.String(), sqlite: filepath.Join(s.folder, "bench.db")}
	for _, database := range []string{d.postgresURL, d.sqlite} {
		began := time.Now()
		demo := exec.Command(filepath.Join(s.folder, "usagegraph"), "--database", database, "demo",
			"--customers", strconv.Itoa(s.customers), "--records", strconv.Itoa(s.records))
		demo.Stderr = os.Stderr
		if err := demo.Run(); err != nil {
			return nil, fmt.Errorf("usagegraph demo: %w", err)
		}
		used := demo.ProcessState.UserTime() + demo.ProcessState.SystemTime()
		fmt.Fprintf(os.Stderr, "loaded in %s (%s of CPU time in usagegraph)\n", time.Since(began).Round(time.Second), used.Round(time.Second))
	}
	if d.DB, err = sql.Open("postgres", d.postgresURL); err != nil {
		return nil, err
	}
	relations, err := os.ReadFile(filepath.Join("bench", "postgraphile", "relations.sql"))
	if err != nil {
		return nil, err
	}
	for _, statement := range []string{"VACUUM (ANALYZE)", "CREATE EXTENSION pg_stat_statements", string(relations), "CHECKPOINT"} {
		if _, err := d.Exec(statement); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// statements returns the number of statements that PostgreSQL runs during block.
func (d *data) statements(block func() error) (int, error) {
	if _, err := d.Exec("SELECT pg_stat_statements_reset()"); err != nil {
		return 0, err
	}
	if err := block(); err != nil {
		return 0, err
	}
	var n int
	err := d.QueryRow("SELECT COALESCE(SUM(calls), 0) FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'").Scan(&n)
	return n, err
}
