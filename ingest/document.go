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

// maxRecord is the maximum size of a record in bytes; the largest sample has 46 KB.
const maxRecord = 16 << 20

// Position is the place of a record in its document.
type Position struct {
	// Number counts records from 1. Offset counts bytes of the uncompressed document from 0.
	Number, Offset int64
}

func (p Position) String() string { return fmt.Sprintf("record %d (byte %d)", p.Number, p.Offset) }

// rawRecord is the undecoded text of a record. It is valid until the next one is read.
type rawRecord struct {
	Position
	value jsontext.Value
	// err is the reason why value is missing. The records after it can still be read. text is the broken text.
	err  error
	text []byte
}

// BrokenError is returned for a document whose rest cannot be read.
type BrokenError struct {
	// Offset is the number of bytes, and Records that of records, that could be read.
	Offset, Records int64
	Cause           error
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("broken at byte %d, after %d records: %v", e.Offset, e.Records, e.Cause)
}

func (e *BrokenError) Unwrap() error { return e.Cause }

// ErrNotGzip is returned for a document that begins like gzip and is not.
var ErrNotGzip = errors.New("unpack gzip")

// errTooLarge is returned in place of the rest of a record that is larger than maxRecord.
var errTooLarge = fmt.Errorf("a record of more than %d MiB", maxRecord>>20)

// byteOrderMark is the UTF-8 byte order mark that some programs write at the beginning of a text.
const byteOrderMark = "\uFEFF"

// unpack returns the text of a document, uncompressed if it begins with the magic bytes of gzip. Reading more than maxBytes
// bytes of it, unless that is 0, fails with ErrDocumentTooLarge.
func unpack(r io.Reader, maxBytes int64) (*bufio.Reader, error) {
	buffered := bufio.NewReaderSize(r, headSize)
	if magic, _ := buffered.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotGzip, err)
		}
		return limited(unzipped, maxBytes), nil
	}
	if maxBytes > 0 {
		return limited(buffered, maxBytes), nil
	}
	return buffered, nil
}

// splitter cuts a document into records: the elements of an array, the elements of an envelope's array, or consecutive
// values (NDJSON).
type splitter struct {
	input *pushbackReader
	limit *recordLimiter
	dec   *jsontext.Decoder
	// recorder holds the input of the decoder since the current top-level value began.
	recorder *recorder
	// base is the offset in the document at which the decoder started, in bytes.
	base  int64
	count int64
	// isRecord distinguishes a record with a member called results from an envelope.
	isRecord isRecord
	yield    func(rawRecord, error) bool
}

// split returns the records of a document. An error is the last element: the rest of the document cannot be read.
func split(document io.Reader, is isRecord) iter.Seq2[rawRecord, error] {
	return func(yield func(rawRecord, error) bool) {
		buffered := bufio.NewReader(document)
		s := &splitter{input: &pushbackReader{Reader: buffered}, isRecord: is, yield: yield}
		s.limit = &recordLimiter{Reader: s.input}
		if mark, _ := buffered.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
			skipped, _ := buffered.Discard(len(byteOrderMark))
			s.base = int64(skipped)
		}
		s.start()
		for s.next() {
		}
	}
}

// start creates a new decoder for the rest of the input. It accepts duplicate names and invalid UTF-8, so that the
// source rejects a single record for them.
func (s *splitter) start() {
	s.limit.n = 0
	s.recorder = &recorder{Reader: s.limit}
	s.dec = jsontext.NewDecoder(s.recorder, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// next reads one top-level value and reports whether there may be more.
func (s *splitter) next() bool {
	s.limit.n = 0
	s.recorder.begin(s.dec.InputOffset(), s.dec.UnreadBuffer())
	switch s.dec.PeekKind() {
	case '[':
		s.recorder.stop()
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
	return s.reject(s.base+s.dec.InputOffset()-int64(len(value)), value, Field("", "want an object, not a plain value"))
}

// skip reads a bracket.
func (s *splitter) skip() bool {
	if _, err := s.dec.ReadToken(); err != nil {
		return s.fail(err)
	}
	return true
}

// elements reads the elements of an array up to its closing bracket.
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
		if !s.emit(value, s.dec.InputOffset()-int64(len(value))) {
			return false
		}
	}
}

// object reads a top-level object: a record, or an envelope, whose elements it emits while it reads. An object with the
// required members of a record is no envelope. If those members follow the array, its elements are already emitted and
// the object is rejected.
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
		name = name.Clone() // the decoder reuses its buffer
		if string(name) == `"`+envelope+`"` && s.dec.PeekKind() == '[' && !s.isRecord(record) {
			enveloped = true
			s.recorder.stop()
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
		return s.emit(record, at)
	case s.isRecord(record):
		return s.reject(s.base+at, record, errEnvelopedRecord)
	}
	return true
}

// emit yields a record that begins at an offset of the decoder.
func (s *splitter) emit(value jsontext.Value, at int64) bool {
	s.limit.n = 0
	s.count++
	return s.yield(rawRecord{Position: Position{s.count, s.base + at}, value: value}, nil)
}

// reject yields a record that cannot be read and begins at an offset of the document.
func (s *splitter) reject(at int64, text []byte, err error) bool {
	s.count++
	return s.yield(rawRecord{Position: Position{s.count, at}, err: err, text: text}, nil)
}

// fail yields the error of a document whose rest cannot be read.
func (s *splitter) fail(err error) bool {
	s.yield(rawRecord{}, &BrokenError{s.base + s.dec.InputOffset(), s.count, s.plainSyntax(err)})
	return false
}

// recover rejects a broken top-level value and continues on the next line. A value that is too large is skipped too if
// it has one line.
func (s *splitter) recover(err error) bool {
	var syntax *jsontext.SyntacticError
	tooLarge := errors.Is(err, errTooLarge)
	if s.recorder.stopped || !errors.As(err, &syntax) && !tooLarge || errors.Is(err, io.ErrUnexpectedEOF) {
		return s.fail(err)
	}
	text := bytes.TrimLeft(s.recorder.recorded, " \t\r\n")
	if tooLarge && (len(text) == 0 || bytes.IndexByte(text, '\n') >= 0) {
		return s.fail(err)
	}
	at := s.base + s.recorder.from + int64(len(s.recorder.recorded)-len(text))
	broken, _, _ := bytes.Cut(text, []byte("\n"))
	if !s.reject(at, broken, s.plainSyntax(err)) {
		return false
	}
	s.input.unread(text)
	line, err := s.input.skipLine()
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
