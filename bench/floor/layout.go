package floor

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"strings"
)

// layout describes an answer whose rows are a join of objects with their children. A text of it contains the values of a
// row: $a is the first column as a string of JSON, #a unchanged, and ~a without its last character, which is the zone of
// a time. Each is null where the column is. <TEXT|OTHER> is OTHER if the first value in TEXT is null. ^ is the host of
// the request, and !a what the splice appends for a column. x, y and z are the last three columns.
type layout struct {
	before string
	levels []level
	after  string
}

// level describes the objects of one level: the column that identifies an object, and the text before and after its
// children. Without a column, each row is an object.
type level struct{ key, head, foot string }

// compiled is a parsed layout.
type compiled struct {
	before, after string
	levels        []compiledLevel
}

type compiledLevel struct {
	key  int // -1 without a column
	head []part
	foot string
}

// part is a piece of a text with the value after it.
type part struct {
	text   string
	kind   byte // 0 at the end, or one of $#~!<^
	column int
	// The parts of <TEXT|OTHER>.
	some  []part
	other string
}

func (l layout) compile() *compiled {
	c := &compiled{before: l.before, after: l.after}
	for _, level := range l.levels {
		key := -1
		if level.key != "" {
			key = column(level.key[0])
		}
		c.levels = append(c.levels, compiledLevel{key, parse(level.head), level.foot})
	}
	return c
}

// column returns the index of a column: from 0 for a; for x to z, from the end, below 0.
func column(letter byte) int {
	if letter >= 'x' {
		return int(letter) - 'z' - 1
	}
	return int(letter - 'a')
}

func parse(text string) []part {
	at := strings.IndexAny(text, "$#~!<^")
	if at < 0 {
		return []part{{text: text}}
	}
	p := part{text: text[:at], kind: text[at]}
	rest := text[at+1:]
	switch p.kind {
	case '$', '#', '~', '!':
		p.column, rest = column(rest[0]), rest[1:]
	case '<':
		var inside string
		inside, rest, _ = strings.Cut(rest, ">")
		inside, p.other, _ = strings.Cut(inside, "|")
		p.some = parse(inside)
		p.column = p.some[0].column
	}
	return append([]part{p}, parse(rest)...)
}

// writer appends the rows of one answer.
type writer struct {
	*compiled
	host   string
	splice splice
}

// answer returns the answer of a statement's rows.
func (w writer) answer(rows *sql.Rows) ([]byte, error) {
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	row, to := make([]sql.RawBytes, len(names)), make([]any, len(names))
	for i := range row {
		to[i] = &row[i]
	}
	b := append(make([]byte, 0, 64<<10), w.before...)
	keys := make([][]byte, len(w.levels))
	open := 0 // levels of which an object is open
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		same := 0
		for same < open && w.levels[same].key >= 0 && bytes.Equal(keys[same], row[w.levels[same].key]) {
			same++
		}
		another := open > same
		b = w.close(b, same, open)
		for open = same; open < len(w.levels); open++ {
			level := &w.levels[open]
			if level.key >= 0 {
				if row[level.key] == nil {
					break
				}
				keys[open] = append(keys[open][:0], row[level.key]...)
			}
			if another {
				b, another = append(b, ','), false
			}
			b = w.append(b, level.head, row)
		}
	}
	b = w.close(b, 0, open)
	return append(b, w.after...), rows.Err()
}

// close ends the open objects of the levels from one to another.
func (w writer) close(b []byte, from, to int) []byte {
	for to > from {
		to--
		b = append(b, w.levels[to].foot...)
	}
	return b
}

func (w writer) append(b []byte, parts []part, row []sql.RawBytes) []byte {
	for i := range parts {
		p := &parts[i]
		b = append(b, p.text...)
		column := p.column
		if column < 0 {
			column += len(row)
		}
		value := row[column]
		switch {
		case p.kind == 0:
		case p.kind == '^':
			b = append(b, w.host...)
		case p.kind == '!':
			b = w.splice(b, row, column)
		case p.kind == '<' && value == nil:
			b = append(b, p.other...)
		case p.kind == '<':
			b = w.append(b, p.some, row)
		case value == nil:
			b = append(b, "null"...)
		case p.kind == '$':
			b = appendString(b, value)
		case p.kind == '~':
			b = append(b, value[:len(value)-1]...)
		default:
			b = append(b, value...)
		}
	}
	return b
}

// appendString appends a text as a string of JSON.
func appendString(b, text []byte) []byte {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(string(text)) // a string can always be encoded
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}
