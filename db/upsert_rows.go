package db

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// upsertRows is dialect.upsert for SQLite.
func upsertRows(ctx context.Context, tx *sqlx.Tx, table string, columns []typedColumn, onConflict string, rows [][]any) error {
	return insertInto(ctx, tx, "INSERT INTO "+table+" AS t", columnNames(columns), onConflict, slices.Values(rows))
}

// upsertArrays is dialect.upsert for PostgreSQL: one statement with an array for each column.
func upsertArrays(ctx context.Context, tx *sqlx.Tx, table string, columns []typedColumn, onConflict string, rows [][]any) error {
	arrays, args := make([]string, len(columns)), make([]any, len(columns))
	for i, column := range columns {
		of := map[string]string{"long": "bigint", "text": "text", "decimal": "numeric"}[column.kind]
		arrays[i], args[i] = placeholder(i+1)+"::"+of+"[]", arrayOfColumn(rows, i)
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+table+" AS t ("+strings.Join(columnNames(columns), ", ")+") SELECT * FROM unnest("+strings.Join(arrays, ", ")+")"+onConflict, args...)
	return err
}

func columnNames(columns []typedColumn) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.name
	}
	return names
}

// arrayOfColumn returns a column of rows in PostgreSQL's array syntax. The values are nil, int64 or string.
func arrayOfColumn(rows [][]any, column int) string {
	text := []byte{'{'}
	for i, row := range rows {
		if i > 0 {
			text = append(text, ',')
		}
		switch v := row[column].(type) {
		case nil:
			text = append(text, "NULL"...)
		case int64:
			text = strconv.AppendInt(text, v, 10)
		case string:
			text = append(append(append(text, '"'), escapedElement.Replace(v)...), '"')
		}
	}
	return string(append(text, '}'))
}
