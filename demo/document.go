package demo

import "io"

// records are what a document is made of.
type records interface {
	// next writes the next record, an object, or returns false after the last.
	next(*writer) bool
}

// document is the text of records between an opening and a closing.
type document struct {
	records
	closing string
	writer  writer
	unread  []byte
	begun   bool
	ended   bool
}

// chunk is how many bytes are made at once, at least.
const chunk = 1 << 15

func newDocument(opening, closing string, r records) *document {
	return &document{records: r, closing: closing, unread: []byte(opening), writer: writer{text: make([]byte, 0, 2*chunk)}}
}

// Read reads on.
func (d *document) Read(p []byte) (int, error) {
	if len(d.unread) == 0 {
		if d.ended {
			return 0, io.EOF
		}
		d.make()
	}
	n := copy(p, d.unread)
	d.unread = d.unread[n:]
	return n, nil
}

// make makes the next chunk.
func (d *document) make() {
	w := &d.writer
	w.text = w.text[:0]
	for len(w.text) < chunk && !d.ended {
		before := len(w.text)
		if d.begun {
			w.text = append(w.text, ',')
		}
		w.text = append(w.text, '\n')
		if !d.next(w) {
			w.text = append(w.text[:before], d.closing...)
			d.ended = true
		}
		d.begun = true
	}
	d.unread = w.text
}
