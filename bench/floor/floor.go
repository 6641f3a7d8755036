// Package floor answers the questions of the bench with as little work as a server in Go can: one or two prepared
// statements for each, whose rows are appended to the answer. There is no GraphQL, scope or authentication. The answers
// are those of usagegraph, byte for byte.
package floor

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	_ "github.com/lib/pq"
)

// connections is the size of the connection pool, the default of usagegraph.
const connections = 16

// Handler answers the questions from a PostgreSQL database: GET /Q1?p=FIRST&p=SECOND binds the parameters of Q1's
// statements.
func Handler(ctx context.Context, url string) (http.Handler, error) {
	pool, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	mux := http.NewServeMux()
	for name, q := range questions {
		handler, err := q.prepare(ctx, pool)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: %w", name, err), pool.Close())
		}
		mux.Handle("GET /"+name, handler)
	}
	return mux, nil
}

// question is a question with the statements and the form of its answer.
type question struct {
	// statement selects the rows that the layout writes. beside is another statement with the same parameters, if the
	// answer needs one.
	statement, beside string
	layout            layout
	// take handles the rows of beside and returns the function that completes the answer.
	take func(w http.ResponseWriter, rows *sql.Rows) (splice, error)
}

// splice appends what Go code makes of a row and of the rows of beside, in place of a column.
type splice func(answer []byte, row []sql.RawBytes, column int) []byte

// prepare prepares the statements and returns a handler for them.
func (q question) prepare(ctx context.Context, pool *sql.DB) (http.Handler, error) {
	statement, err := pool.PrepareContext(ctx, q.statement)
	if err != nil {
		return nil, err
	}
	var beside *sql.Stmt
	if q.beside != "" {
		if beside, err = pool.PrepareContext(ctx, q.beside); err != nil {
			return nil, err
		}
	}
	layout := q.layout.compile()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parameters := []any{}
		for _, p := range r.URL.Query()["p"] {
			parameters = append(parameters, p)
		}
		w.Header().Set("Content-Type", "application/json")
		body, err := q.answer(w, r, layout, statement, beside, parameters)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(body)
	}), nil
}

func (q question) answer(w http.ResponseWriter, r *http.Request, layout *compiled, statement, beside *sql.Stmt, parameters []any) ([]byte, error) {
	write := writer{compiled: layout, host: r.Host}
	if beside != nil {
		rows, err := beside.QueryContext(r.Context(), parameters...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		if write.splice, err = q.take(w, rows); err != nil {
			return nil, err
		}
	}
	rows, err := statement.QueryContext(r.Context(), parameters...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return write.answer(rows)
}
