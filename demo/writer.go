package demo

import (
	"strconv"
	"time"
)

// Writer writes JSON. Its methods write one member of an object, or one element of an array where the key is empty.
// Strings and keys must not contain characters that JSON escapes.
type Writer struct{ text []byte }

func (w *Writer) key(key string) {
	switch w.text[len(w.text)-1] {
	case '{', '[', '\n':
	default:
		w.text = append(w.text, ',')
	}
	if key != "" {
		w.text = append(w.text, '"')
		w.text = append(w.text, key...)
		w.text = append(w.text, '"', ':')
	}
}

// Object begins an object.
func (w *Writer) Object(key string) { w.key(key); w.text = append(w.text, '{') }

// EndObject ends an object.
func (w *Writer) EndObject() { w.text = append(w.text, '}') }

// Array begins an array.
func (w *Writer) Array(key string) { w.key(key); w.text = append(w.text, '[') }

// EndArray ends an array.
func (w *Writer) EndArray() { w.text = append(w.text, ']') }

// JSON writes a value that is encoded already.
func (w *Writer) JSON(key string, value []byte) { w.key(key); w.text = append(w.text, value...) }

// Null writes null.
func (w *Writer) Null(key string) { w.key(key); w.text = append(w.text, "null"...) }

// Bool writes true or false.
func (w *Writer) Bool(key string, v bool) { w.key(key); w.text = strconv.AppendBool(w.text, v) }

// Int writes an integer.
func (w *Writer) Int(key string, v int) { w.key(key); w.text = strconv.AppendInt(w.text, int64(v), 10) }

// String writes a string.
func (w *Writer) String(key, v string) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(w.text, v...)
	w.text = append(w.text, '"')
}

// Time writes a time with its offset, to the second (RFC 3339).
func (w *Writer) Time(key string, t time.Time) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(t.AppendFormat(w.text, time.RFC3339), '"')
}

// Phone writes the phone number of a subscription, with a plus.
func (w *Writer) Phone(key string, subscription int) {
	w.key(key)
	w.text = append(w.text, `"+`...)
	w.text = append(appendPhone(w.text, subscription), '"')
}

// RandomNumber writes a string of a prefix and a number of random digits, at most 6.
func (w *Writer) RandomNumber(key string, r *Random, prefix string, digits int) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(w.text, prefix...)
	w.text = append(appendDigits(w.text, r.Below(powers[digits]), digits), '"')
}

// Decimal writes v / 10^places without trailing zeros, but with at least the given number of decimal places.
func (w *Writer) Decimal(key string, v, places, atLeast int) {
	w.key(key)
	w.text = AppendDecimal(w.text, v, places, atLeast)
}

// AppendDecimal appends a number as Writer.Decimal writes it.
func AppendDecimal(b []byte, v, places, atLeast int) []byte {
	for places > atLeast && v%10 == 0 {
		v /= 10
		places--
	}
	b = strconv.AppendInt(b, int64(v/powers[places]), 10)
	if places > 0 {
		b = appendDigits(append(b, '.'), v%powers[places], places)
	}
	return b
}

// powers are the powers of ten.
var powers = [...]int{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}

// appendDigits appends a number with leading zeros, width digits in all.
func appendDigits(b []byte, v, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; v > 0; i-- {
		b[i] = byte('0' + v%10)
		v /= 10
	}
	return b
}
