package demo

import (
	"io"

	"usagegraph/db"
)

// Document describes the JSON document of a system for a set.
type Document struct {
	Source db.Source
	// Count is the number of records.
	Count int
	// Records returns an iterator over the records, at the first one.
	Records func() Records
	// Opening and Closing are the text before and after the records, such as [ and ].
	Opening, Closing string
	// CustomerID returns the id that the system has for one of Customers; nil if its records name no customers.
	CustomerID func(customer int) string
	Customers  Group
}

// Records is an iterator over the records of a document.
type Records interface {
	// Next writes the next record, a JSON object, and returns true. After the last one it returns false.
	Next(*Writer) bool
}

// Reader returns a reader of the document. The memory that it needs does not depend on the number of records.
func (d Document) Reader() io.Reader {
	return &reader{records: d.Records(), closing: d.Closing, unread: []byte(d.Opening), writer: Writer{make([]byte, 0, 2*minChunk)}}
}

// reader generates a document in chunks.
type reader struct {
	records Records
	closing string
	writer  Writer
	// unread is the rest of the current chunk.
	unread []byte
	begun  bool
	ended  bool
}

// minChunk is the minimum length of a chunk, in bytes.
const minChunk = 1 << 15

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if len(r.unread) == 0 {
		if r.ended {
			return 0, io.EOF
		}
		r.generate()
	}
	n := copy(p, r.unread)
	r.unread = r.unread[n:]
	return n, nil
}

// generate generates the next chunk.
func (r *reader) generate() {
	w := &r.writer
	w.text = w.text[:0]
	for len(w.text) < minChunk && !r.ended {
		before := len(w.text)
		if r.begun {
			w.text = append(w.text, ',')
		}
		w.text = append(w.text, '\n')
		if !r.records.Next(w) {
			w.text = append(append(w.text[:before], '\n'), r.closing...)
			w.text = append(w.text, '\n')
			r.ended = true
		}
		r.begun = true
	}
	r.unread = w.text
}
