package demo

import (
	"strconv"
	"time"
)

// decimal writes v / 10^places, of its decimal places those that it needs, and least of them at any rate.
func (w *writer) decimal(key string, v, places, least int) {
	w.key(key)
	w.text = appendDecimal(w.text, v, places, least)
}

func appendDecimal(b []byte, v, places, least int) []byte {
	for places > least && v%10 == 0 {
		v /= 10
		places--
	}
	b = strconv.AppendInt(b, int64(v/powers[places]), 10)
	if places > 0 {
		b = appendDigits(append(b, '.'), v%powers[places], places)
	}
	return b
}

// percentage writes part of whole in percent, rounded to two places; null where whole is 0.
func (w *writer) percentage(key string, part, whole int) {
	if whole == 0 {
		w.literal(key, "null")
		return
	}
	w.decimal(key, (20_000*part+whole)/(2*whole), 2, 0)
}

var powers = [...]int{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}

// appendDigits appends v with zeros before it, width digits in all.
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

// phone writes a line's number, with a plus.
func (w *writer) phone(key string, line int) {
	w.key(key)
	w.text = append(w.text, `"+`...)
	w.text = append(appendPhone(w.text, line), '"')
}

// destination writes a number or name that begins as a place does.
func (w *writer) destination(key string, r *random, to place) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(w.text, to.begin...)
	w.text = append(appendDigits(w.text, r.below(powers[to.digits]), to.digits), '"')
}

// instant writes a moment, in seconds since 1970, in UTC.
func (w *writer) instant(key string, unix int64) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(time.Unix(unix, 0).UTC().AppendFormat(w.text, time.RFC3339), '"')
}
