package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// copied is how many bytes of rows are sent to PostgreSQL at once.
const copied = 1 << 15

// copyRows adds rows to a table of PostgreSQL.
func copyRows(ctx context.Context, tx *sqlx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	stmt, err := tx.PrepareContext(ctx, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
	if err != nil {
		return err
	}
	defer stmt.Close()
	var text []byte
	for row := range rows {
		if text = appendCopied(text, row); len(text) < copied {
			continue
		}
		if _, err := stmt.ExecContext(ctx, string(text)); err != nil {
			return err
		}
		text = text[:0]
	}
	if len(text) > 0 {
		if _, err := stmt.ExecContext(ctx, string(text)); err != nil {
			return err
		}
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

// appendCopied appends a row of plain values in COPY's text format.
func appendCopied(text []byte, row []any) []byte {
	for _, value := range row {
		switch v := value.(type) {
		case nil:
			text = append(text, `\N`...)
		case int64:
			text = strconv.AppendInt(text, v, 10)
		case string:
			text = appendEscaped(text, v)
		default:
			text = fmt.Append(text, v)
		}
		text = append(text, '\t')
	}
	text[len(text)-1] = '\n'
	return text
}

// appendEscaped appends a text, and escapes what ends a value of COPY, or a row of it.
func appendEscaped(text []byte, value string) []byte {
	done := 0
	for i := range len(value) {
		var escaped string
		switch value[i] {
		case '\\':
			escaped = `\\`
		case '\t':
			escaped = `\t`
		case '\n':
			escaped = `\n`
		case '\r':
			escaped = `\r`
		default:
			continue
		}
		text = append(append(text, value[done:i]...), escaped...)
		done = i + 1
	}
	return append(text, value[done:]...)
}

// copying is the driver's statement of a COPY.
type copying interface {
	driver.Stmt
	CopyData(ctx context.Context, line string) (driver.Result, error)
}

// rawCopy is a COPY whose one argument is rows as they are sent, which the driver would else make of their values one by
// one; without an argument it ends.
type rawCopy struct{ copying }

func (c rawCopy) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return c.Exec(nil)
	}
	// The driver ends the last row.
	return c.CopyData(ctx, strings.TrimSuffix(args[0].Value.(string), "\n"))
}
