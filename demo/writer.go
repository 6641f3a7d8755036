package demo

import "strconv"

// writer writes JSON. No text that it is given needs an escape. An element of an array has the key "".
type writer struct{ text []byte }

func (w *writer) key(key string) {
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

func (w *writer) object(key string) { w.key(key); w.text = append(w.text, '{') }
func (w *writer) endObject()        { w.text = append(w.text, '}') }
func (w *writer) array(key string)  { w.key(key); w.text = append(w.text, '[') }
func (w *writer) endArray()         { w.text = append(w.text, ']') }

// literal writes null, true, false or other JSON as it is.
func (w *writer) literal(key, json string) { w.key(key); w.text = append(w.text, json...) }

func (w *writer) boolean(key string, v bool) { w.key(key); w.text = strconv.AppendBool(w.text, v) }
func (w *writer) integer(key string, v int) {
	w.key(key)
	w.text = strconv.AppendInt(w.text, int64(v), 10)
}

// stringOrNull writes null for the empty string.
func (w *writer) stringOrNull(key, v string) {
	if v == "" {
		w.literal(key, "null")
		return
	}
	w.string(key, v)
}

func (w *writer) string(key, v string) {
	w.key(key)
	w.text = append(w.text, '"')
	w.text = append(w.text, v...)
	w.text = append(w.text, '"')
}
