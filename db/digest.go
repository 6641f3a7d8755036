package db

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// newDigest returns the hash of a record's content.
func newDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.RawStdEncoding.EncodeToString(sum[:16])
}

// appendContent appends the content of a row: its values except those of derived columns. The values must have no
// owner, because links change the owner.
func (r *relation[T]) appendContent(content []byte, row []any) []byte {
	from := 0
	for _, i := range r.derived {
		content = appendValues(content, row[from:i])
		from = i + 1
	}
	return appendValues(content, row[from:])
}

// appendValues appends each value's length and text; null is a zero byte.
func appendValues(text []byte, values []any) []byte {
	var digits [20]byte
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			text = append(text, 0)
		case string:
			text = append(appendLength(text, len(v)), v...)
		case int64:
			number := strconv.AppendInt(digits[:0], v, 10)
			text = append(appendLength(text, len(number)), number...)
		default:
			other := fmt.Sprint(v)
			text = append(appendLength(text, len(other)), other...)
		}
	}
	return text
}

func appendLength(text []byte, n int) []byte {
	return append(strconv.AppendInt(text, int64(n), 10), ':')
}
