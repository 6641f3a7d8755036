package db

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
)

// digest tells apart two contents of a record: row, which is what is stored of it, and its parts, but its ids and whose
// it is, which linking customers changes.
func digest(row []any, p parts) string {
	text := appendValues(make([]byte, 0, 1024), row)
	text = appendParts(text, ratedUsages, p.prices)
	text = appendParts(text, usageSummaryLines, p.lines)
	for _, b := range p.buckets {
		text = appendValues(text, buckets.values(b))
	}
	text = appendParts(text, bucketBalances, p.balances)
	text = appendParts(text, bucketCounters, p.counters)
	sum := sha256.Sum256(text)
	return base64.RawStdEncoding.EncodeToString(sum[:16])
}

func appendParts[T any](text []byte, t *childTable[T], parts []*T) []byte {
	for _, p := range parts {
		text = appendValues(text, t.values(p))
	}
	return text
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
