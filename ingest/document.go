package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxRecord is how large one record may be, in bytes; the largest sample has 46 KB.
const maxRecord = 16 << 20

// envelope is the member that holds the records of an enveloped document, as AutoQuery answers have it.
const envelope = "results"

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

// unpack returns a document's text: unpacked where its first bytes say that it is gzip.
func unpack(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	if magic, _ := buffered.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	unzipped, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("unpack gzip: %w", err)
	}
	return unzipped, nil
}

// splitter cuts a document into records: the elements of an array, those of an enveloped document's array, or values
// one after another (NDJSON).
type splitter struct {
	input *meter
	dec   *jsontext.Decoder
	base  int64
	count int64
	yield func(raw, error) bool
}

// meter fails a reader that gives more than a record may have since it was last reset.
type meter struct {
	io.Reader
	given int
}

func (m *meter) Read(p []byte) (int, error) {
	if m.given > maxRecord {
		return 0, errTooLarge
	}
	n, err := m.Reader.Read(p)
	m.given += n
	return n, err
}

// split returns the records of a document. An error ends them: the document is broken from there on.
func split(document io.Reader) iter.Seq2[raw, error] {
	return func(yield func(raw, error) bool) {
		s := &splitter{input: &meter{Reader: document}, yield: yield}
		s.start(s.input)
		for s.next() {
		}
	}
}

// start reads on from a reader. What is wrong with one record alone is left to its decoder.
func (s *splitter) start(r io.Reader) {
	s.dec = jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// next reads one value of the top level and tells whether there may be more.
func (s *splitter) next() bool {
	switch s.dec.PeekKind() {
	case '[':
		return s.skip() && s.elements() && s.skip()
	case '{':
		return s.object()
	}
	_, err := s.dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return false
	case err != nil:
		return s.recover(err)
	}
	return s.reject(s.dec.InputOffset(), Field("", "want an object, not a plain value"))
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

// object reads an object of the top level: an envelope whose array it gives out as it comes, or a record.
func (s *splitter) object() bool {
	at := s.dec.InputOffset()
	s.input.given = 0
	if _, err := s.dec.ReadToken(); err != nil {
		return s.recover(err)
	}
	record := []byte{'{'}
	enveloped := false
	for s.dec.PeekKind() != '}' {
		name, err := s.dec.ReadValue()
		if err != nil {
			return s.recover(err)
		}
		if string(name) == `"`+envelope+`"` && s.dec.PeekKind() == '[' {
			enveloped = true
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
	return enveloped || s.give(append(record, '}'), at)
}

// give hands out a record.
func (s *splitter) give(value jsontext.Value, at int64) bool {
	s.input.given = 0
	s.count++
	return s.yield(raw{Position{s.count, s.base + at}, value, nil}, nil)
}

func (s *splitter) reject(at int64, err error) bool {
	s.count++
	return s.yield(raw{Position{s.count, s.base + at}, nil, err}, nil)
}

// fail ends a document that cannot be read on.
func (s *splitter) fail(err error) bool {
	s.yield(raw{}, fmt.Errorf("broken at byte %d, after %d records: %w", s.base+s.dec.InputOffset(), s.count, plainSyntax(err)))
	return false
}

// recover goes on with the next line after a broken value of the top level.
func (s *splitter) recover(err error) bool {
	var syntax *jsontext.SyntacticError
	if !errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errTooLarge) {
		return s.fail(err)
	}
	from := s.dec.InputOffset()
	if s.dec.StackDepth() > 0 {
		from = syntax.ByteOffset
	}
	unread := bytes.Clone(s.dec.UnreadBuffer())
	unread = unread[min(max(0, from-s.dec.InputOffset()), int64(len(unread))):]
	text := bytes.TrimLeft(unread, " \t\r\n")
	from += int64(len(unread) - len(text))
	if !s.reject(from, plainSyntax(err)) {
		return false
	}
	s.input.given = 0
	rest := bufio.NewReader(io.MultiReader(bytes.NewReader(text), s.input))
	for {
		line, err := rest.ReadSlice('\n')
		from += int64(len(line))
		s.input.given = 0
		if err == nil {
			break
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return false
		}
	}
	s.base += from
	s.start(rest)
	return true
}

// plainSyntax is a syntax error without the decoder's prefix and offset, which is one of this piece alone.
func plainSyntax(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the document ends in the middle")
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &syntax):
		return errors.New("not JSON: " + strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return err
}
