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
	// postmaster is the process whose children are PostgreSQL's.
	postmaster int
	loads      []loadTime
	*sql.DB    // PostgreSQL
}

// loadTime is the processor time in usagegraph and in PostgreSQL of loading the data.
type loadTime struct {
	database        string
	wall, processor time.Duration
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
	if d.DB, err = sql.Open("postgres", d.postgresURL); err != nil {
		return nil, err
	}
	if d.postmaster, err = d.findPostmaster(); err != nil {
		return nil, err
	}
	for _, database := range []string{d.postgresURL, d.sqlite} {
		if err := d.fill(s, database); err != nil {
			return nil, err
		}
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

// fill fills a database with usagegraph demo.
func (d *data) fill(s settings, database string) error {
	began := time.Now()
	before, err := usedBy(d.postmaster, true)
	if err != nil {
		return err
	}
	demo := demo(s, database, s.customers, s.records)
	if err := demo.Run(); err != nil {
		return fmt.Errorf("usagegraph demo: %w", err)
	}
	after, err := usedBy(d.postmaster, true)
	if err != nil {
		return err
	}
	one := loadTime{"SQLite", time.Since(began), demo.ProcessState.UserTime() + demo.ProcessState.SystemTime()}
	if database == d.postgresURL {
		one.database, one.processor = "PostgreSQL", one.processor+after-before
	}
	fmt.Fprintf(os.Stderr, "loaded in %s\n", one.wall.Round(time.Second))
	d.loads = append(d.loads, one)
	return nil
}

// demo returns the command that imports generated data.
func demo(s settings, database string, customers, records int, more ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.folder, "usagegraph"), append([]string{"--database", database, "demo",
		"--customers", strconv.Itoa(customers), "--records", strconv.Itoa(records)}, more...)...)
	c.Stderr = os.Stderr
	return c
}

// findPostmaster returns the process that started the one of a connection.
func (d *data) findPostmaster() (int, error) {
	var backend int
	if err := d.QueryRow("SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return 0, err
	}
	parent, _, err := stat(backend, false)
	return parent, err
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

// strings returns the rows of a statement with text columns.
func (d *data) strings(statement string, args ...any) ([][]string, error) {
	rows, err := d.Query(statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all [][]string
	for rows.Next() {
		row, to := make([]string, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
