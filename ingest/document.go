package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// maxRecord is how large one record may be, in bytes; the largest sample has 46 KB.
const maxRecord = 16 << 20

// Position is where a record stands in its document.
type Position struct {
	// Number counts the records from 1; Offset counts bytes of the (unpacked) document from 0.
	Number, Offset int64
}

func (p Position) String() string { return fmt.Sprintf("record %d (byte %d)", p.Number, p.Offset) }

// raw is a record as it was cut from its document; it is valid until the next one is asked for.
type raw struct {
	Position
	value jsontext.Value
	// err is why there is no value; the records after it can be read all the same.
	err error
}

// errTooLarge is met instead of the rest of a record that is larger than maxRecord.
var errTooLarge = fmt.Errorf("a record of more than %d MiB", maxRecord>>20)

// byteOrderMark is what some programs put before a text.
const byteOrderMark = "\uFEFF"

// unpack returns a document's text: unpacked where its first bytes say that it is gzip.
func unpack(r io.Reader) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(r, headSize)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
		return bufio.NewReaderSize(unzipped, headSize), nil
	}
	return buffered, nil
}

// splitter cuts a document into records: the elements of an array, those of an enveloped document's array, or values
// one after another (NDJSON).
type splitter struct {
	again *again
	input *meter
	dec   *jsontext.Decoder
	// tape holds what the decoder was given since the value of the top level began that it reads.
	tape *tape
	// base is where the decoder began, in bytes of the document.
	base  int64
	count int64
	// isRecord tells a record with a member called results from an envelope.
	isRecord isRecord
	yield    func(raw, error) bool
}

// split returns the records of a document. An error ends them: the document is broken from there on.
func split(document io.Reader, is isRecord) iter.Seq2[raw, error] {
	return func(yield func(raw, error) bool) {
		buffered := bufio.NewReader(document)
		s := &splitter{again: &again{Reader: buffered}, isRecord: is, yield: yield}
		s.input = &meter{Reader: s.again}
		if mark, _ := buffered.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
			skipped, _ := buffered.Discard(len(byteOrderMark))
			s.base = int64(skipped)
		}
		s.start()
		for s.next() {
		}
	}
}

// start reads on with a new decoder. What is wrong with one record alone is left to its source.
func (s *splitter) start() {
	s.input.given = 0
	s.tape = &tape{Reader: s.input}
	s.dec = jsontext.NewDecoder(s.tape, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// next reads one value of the top level and tells whether there may be more.
func (s *splitter) next() bool {
	s.input.given = 0
	s.tape.begin(s.dec.InputOffset(), s.dec.UnreadBuffer())
	switch s.dec.PeekKind() {
	case '[':
		s.tape.end()
		return s.skip() && s.elements() && s.skip()
	case '{':
		return s.object()
	}
	value, err := s.dec.ReadValue()
	switch {
	case errors.Is(err, io.EOF):
		return false
	case err != nil:
		return s.recover(err)
	}
	return s.reject(s.base+s.dec.InputOffset()-int64(len(value)), Field("", "want an object, not a plain value"))
}

// skip passes a bracket.
func (s *splitter) skip() bool {
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fail(err)
	}
	return true
}

// elements reads the rest of an array.
func (s *splitter) elements() bool {
	for {
		switch s.dec.PeekKind() {
		case ']':
			return true
		case 0:
			_, err := s.dec.ReadToken()
			return s.fail(err)
		}
		value, err := s.dec.ReadValue()
		if err != nil {
			return s.fail(err)
		}
		if !s.give(value, s.dec.InputOffset()-int64(len(value))) {
			return false
		}
	}
}

// object reads an object of the top level: an envelope whose array it gives out as it comes, or a record. An object with the
// members of a record is no envelope; where these come after the array, whose elements are given out by then, it is rejected.
func (s *splitter) object() bool {
	if _, err := s.dec.ReadToken(); err != nil {
		return s.recover(err)
	}
	at := s.dec.InputOffset() - 1
	record := []byte{'{'}
	enveloped := false
	for s.dec.PeekKind() != '}' {
		name, err := s.dec.ReadValue()
		if err != nil {
			return s.recover(err)
		}
		name = name.Clone() // it is the decoder's only until it looks further
		if string(name) == `"`+envelope+`"` && s.dec.PeekKind() == '[' && !s.isRecord(record) {
			enveloped = true
			s.tape.end()
			if !s.skip() || !s.elements() || !s.skip() {
				return false
			}
			continue
		}
		if len(record) > 1 {
			record = append(record, ',')
		}
		record = append(append(record, name...), ':')
		value, err := s.dec.ReadValue()
		if err != nil {
			return s.recover(err)
		}
		record = append(record, value...)
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return s.recover(err)
	}
	switch record = append(record, '}'); {
	case !enveloped:
		return s.give(record, at)
	case s.isRecord(record):
		return s.reject(s.base+at, errEnvelopedRecord)
	}
	return true
}

// give hands out a record that begins at a place of the decoder's.
func (s *splitter) give(value jsontext.Value, at int64) bool {
	s.input.given = 0
	s.count++
	return s.yield(raw{Position{s.count, s.base + at}, value, nil}, nil)
}

// reject hands out a record that cannot be read; it begins at a place of the document's.
func (s *splitter) reject(at int64, err error) bool {
	s.count++
	return s.yield(raw{Position{s.count, at}, nil, err}, nil)
}

// fail ends a document that cannot be read on.
func (s *splitter) fail(err error) bool {
	s.yield(raw{}, fmt.Errorf("broken at byte %d, after %d records: %w", s.base+s.dec.InputOffset(), s.count, s.plainSyntax(err)))
	return false
}

// recover goes on with the line after the one on which a broken value of the top level begins. One that is too large is
// passed over as well where it stands on one line.
func (s *splitter) recover(err error) bool {
	var syntax *jsontext.SyntacticError
	tooLarge := errors.Is(err, errTooLarge)
	if s.tape.off || !errors.As(err, &syntax) && !tooLarge || errors.Is(err, io.ErrUnexpectedEOF) {
		return s.fail(err)
	}
	text := bytes.TrimLeft(s.tape.kept, " \t\r\n")
	if tooLarge && (len(text) == 0 || bytes.IndexByte(text, '\n') >= 0) {
		return s.fail(err)
	}
	at := s.base + s.tape.from + int64(len(s.tape.kept)-len(text))
	if !s.reject(at, s.plainSyntax(err)) {
		return false
	}
	s.again.takeBack(text)
	line, err := s.again.skipLine()
	switch {
	case errors.Is(err, io.EOF):
		return false
	case err != nil:
		return s.fail(err)
	}
	s.base = at + line
	s.start()
	return true
}
