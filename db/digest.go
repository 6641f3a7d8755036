package db

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// digest tells apart two contents of a record: row, which is what is stored of it, and the rows of its parts, all without
// whose they are, which linking customers changes.
func digest(row []any, parts [][][]any) string {
	text := appendValues(make([]byte, 0, 1024), row)
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
