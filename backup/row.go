package backup

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The kinds of values. An integer is followed by a signed varint, a text by its length and its bytes.
const (
	nullValue = iota
	falseValue
	trueValue
	integerValue
	textValue
)

// appendRow appends the encoding of a row to b. Values are nil, bool, int64 or string.
func appendRow(b []byte, values []any) ([]byte, error) {
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			b = append(b, nullValue)
		case bool:
			kind := byte(falseValue)
			if v {
				kind = trueValue
			}
			b = append(b, kind)
		case int64:
			b = binary.AppendVarint(append(b, integerValue), v)
		case string:
			b = binary.AppendUvarint(append(b, textValue), uint64(len(v)))
			b = append(b, v...)
		default:
			return nil, fmt.Errorf("a value of type %T cannot be stored", value)
		}
	}
	return b, nil
}

var errRow = errors.New("a row does not match its columns")

// parseRow decodes the result of appendRow into values, one for each column.
func parseRow(b []byte, values []any) error {
	for i := range values {
		if len(b) == 0 {
			return errRow
		}
		kind, used := b[0], 1
		switch kind {
		case nullValue:
			values[i] = nil
		case falseValue, trueValue:
			values[i] = kind == trueValue
		case integerValue:
			v, n := binary.Varint(b[1:])
			if n <= 0 {
				return errRow
			}
			values[i], used = v, 1+n
		case textValue:
			length, n := binary.Uvarint(b[1:])
			if n <= 0 || length > uint64(len(b)-1-n) {
				return errRow
			}
			used = 1 + n + int(length)
			values[i] = string(b[1+n : used])
		default:
			return errRow
		}
		b = b[used:]
	}
	if len(b) > 0 {
		return errRow
	}
	return nil
}
