// Command floor answers the queries of the bench with as little work as possible in Go: PostgreSQL builds the JSON in
// one prepared statement, and a minimal handler copies it. GET /Q1?p=FIRST&p=SECOND binds the parameters of the
// statement. A second column becomes the header X-Total-Count.
package main

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/lib/pq"
)

// connections is the size of the connection pool, the default of usagegraph.
const connections = 16

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: floor DATABASE_URL ADDRESS FOLDER")
		os.Exit(2)
	}
	if err := serve(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "floor: "+err.Error())
		os.Exit(1)
	}
}

// serve serves every statement of a folder; Q1.floor.sql as /Q1.
func serve(url, address, folder string) error {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	files, err := filepath.Glob(filepath.Join(folder, "*.floor.sql"))
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		statement, err := pool.Prepare(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		mux.HandleFunc("GET /"+name, answer(statement, 1+strings.Count(string(text), "-- total")))
	}
	return http.ListenAndServe(address, mux)
}

func answer(statement *sql.Stmt, width int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var parameters []any
		for _, p := range r.URL.Query()["p"] {
			parameters = append(parameters, p)
		}
		var body []byte
		var total sql.NullString
		columns := []any{&body, &total}[:width]
		if err := statement.QueryRowContext(r.Context(), parameters...).Scan(columns...); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if total.Valid {
			w.Header().Set("X-Total-Count", total.String)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	}
}
