package db

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// digest returns a hash of the content of a record: of its row without the derived columns, and of the rows of its parts,
// all without their owner, which linking customers changes.
func digest(row []any, derived []int, parts [][][]any) string {
	text := make([]byte, 0, 1024)
	from := 0
	for _, i := range derived {
		text = appendValues(text, row[from:i])
		from = i + 1
	}
	text = appendValues(text, row[from:])
	for _, rows := range parts {
		for _, row := range rows {
			text = appendValues(text, row)
		}
	}
	sum := sha256.Sum256(text)
	return base64.RawStdEncoding.EncodeToString(sum[:16])
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
