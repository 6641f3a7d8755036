package conn

import (
	"context"
	"database/sql/driver"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// copyChunk is the number of bytes of rows that are sent to PostgreSQL at once.
const copyChunk = 1 << 15

// Copy adds rows to a table of PostgreSQL by COPY. The values are plain: nil, int64, string or others that fmt prints as
// PostgreSQL reads them.
func Copy(ctx context.Context, tx *sqlx.Tx, table string, columns []string, rows iter.Seq[[]any]) error {
	stmt, err := tx.PrepareContext(ctx, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN")
	if err != nil {
		return err
	}
	defer stmt.Close()
	var text []byte
	for row := range rows {
		if text = appendRow(text, row); len(text) < copyChunk {
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

// appendRow appends a row in COPY's text format.
func appendRow(text []byte, row []any) []byte {
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

// appendEscaped appends a value and escapes the delimiters of COPY's text format.
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

// copyStmt is lib/pq's statement for a COPY.
type copyStmt interface {
	driver.Stmt
	CopyData(ctx context.Context, line string) (driver.Result, error)
}

// rawCopyStmt is a COPY statement whose argument is a chunk of rows in COPY's format; without an argument it ends the COPY.
// lib/pq's own takes values one by one.
type rawCopyStmt struct{ copyStmt }

func (s rawCopyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return s.Exec(nil)
	}
	// The driver ends the last row.
	return s.CopyData(ctx, strings.TrimSuffix(args[0].Value.(string), "\n"))
}
