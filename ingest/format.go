package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// headSize is how much of a document, unpacked, its format is told by, in bytes.
const headSize = 1 << 16

// FormatError is returned for a document that holds no records in a form that is read. Nothing of it is imported.
type FormatError struct {
	// Found is what the document is, Want what it should be.
	Found, Want string
}

func (e *FormatError) Error() string { return fmt.Sprintf("this is %s: want %s", e.Found, e.Want) }

// wanted are the forms that are read.
const wanted = `JSON: an array of records, an object with them in "results", or one record after another (NDJSON), plain or gzip`

// signatures are how documents of other formats begin.
var signatures = []struct{ begin, format string }{
	{"PK\x03\x04", "a zip archive or a spreadsheet"},
	{"\x1f\x8b", "gzip within gzip"},
	{"BZh", "bzip2"},
	{"\xfd7zXZ\x00", "xz"},
	{"\x28\xb5\x2f\xfd", "Zstandard"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"%PDF-", "PDF"},
	{"Obj\x01", "Avro"},
	{"PAR1", "Parquet"},
	{"SQLite format 3\x00", "a SQLite database"},
}

// checkFormat returns a FormatError for a document in another format than JSON, or in JSON whose records stand elsewhere than
// where they are read. A document that cannot be read is left to its reader.
func (im *Importer) checkFormat(document *bufio.Reader) error {
	head, err := document.Peek(headSize)
	whole := errors.Is(err, io.EOF)
	if !whole && err != nil && len(head) == 0 {
		return nil
	}
	if found := otherFormat(head); found != "" {
		return &FormatError{found, wanted}
	}
	if utf16(head) {
		return &FormatError{"UTF-16 text", "UTF-8 (iconv -f UTF-16 -t UTF-8 converts it)"}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(text) == 0 && whole:
		return &FormatError{"an empty document", wanted}
	case len(text) == 0:
		return nil
	case text[0] == '{' || text[0] == '[':
		if place := im.wrapped(text); place != "" {
			return &FormatError{"JSON with its records in " + place, `them alone: an array of them, an object with them in "results", or one after another (NDJSON)`}
		}
		return nil
	}
	if found := textFormat(text); found != "" {
		return &FormatError{found, wanted}
	}
	return nil
}

// otherFormat returns the format of a document that begins as no text does; empty for text.
func otherFormat(head []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begin)) {
			return s.format
		}
	}
	const tarMark = 257
	if len(head) > tarMark && bytes.HasPrefix(head[tarMark:], []byte("ustar")) {
		return "a tar archive"
	}
	return ""
}

// utf16 reports whether a document is text in UTF-16, with a byte order mark or without.
func utf16(head []byte) bool {
	if len(head) < 2 {
		return false
	}
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) || (head[0] == 0) != (head[1] == 0)
}

// textFormat returns the format of text that does not begin as JSON with records does; empty where a later line does.
func textFormat(text []byte) string {
	if text[0] == '<' {
		begin := strings.ToLower(string(text[:min(len(text), 1000)]))
		if strings.Contains(begin, "<!doctype html") || strings.Contains(begin, "<html") {
			return "an HTML page, such as an error page"
		}
		return "XML"
	}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimLeft(line, " \t"); len(line) > 0 && (line[0] == '{' || line[0] == '[') {
			return ""
		}
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case bytes.IndexByte(text, 0) >= 0 || !utf8.Valid(first):
		return "a binary file"
	case jsontext.Value(first).IsValid():
		return "JSON without an object in it"
	case bytes.ContainsAny(first, ",;\t|"):
		return "CSV"
	}
	return "text that is no JSON"
}

// wrapped returns the member in which the records of a JSON document stand; empty where they stand where they are read, or
// where there are none in its beginning.
func (im *Importer) wrapped(text []byte) string {
	w := wrapping{text: text, is: im.isRecord, dec: jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	top := text
	if text[0] == '[' {
		top = bytes.TrimLeft(text[1:], " \t\r\n")
	}
	for name := range memberNames(top) {
		if im.marks(name) {
			return ""
		}
	}
	if !w.find() || len(w.path) == 0 || text[0] == '{' && len(w.path) == 1 && w.path[0] == envelope {
		return ""
	}
	return fmt.Sprintf("%q", strings.Join(w.path, "."))
}

// marks reports whether a name is a mark of a system's records.
func (im *Importer) marks(name string) bool {
	for _, s := range im.Sources {
		for _, mark := range s.Marks {
			if mark == name {
				return true
			}
		}
	}
	return false
}

// wrapping looks for the first record in the beginning of a document.
type wrapping struct {
	text []byte
	is   isRecord
	dec  *jsontext.Decoder
	// path are the members that lead to the record, once it is found.
	path []string
}

// maxWrapping is in how many lists and objects a record is looked for.
const maxWrapping = 6

// find reads a value and reports whether it is a record, or has one in its members or in the first element of a list. Where it
// ends early it has none.
func (w *wrapping) find() bool {
	kind := w.dec.PeekKind()
	if kind != '{' && kind != '[' || w.dec.StackDepth() >= maxWrapping {
		w.dec.SkipValue()
		return false
	}
	at := w.dec.InputOffset()
	if begin := bytes.IndexByte(w.text[at:], byte(kind)); kind == '{' && w.is(w.text[int(at)+begin:]) {
		return true
	}
	if _, err := w.dec.ReadToken(); err != nil {
		return false
	}
	if kind == '[' {
		return w.first()
	}
	for w.dec.PeekKind() == '"' {
		name, err := w.dec.ReadToken()
		if err != nil {
			return false
		}
		member := short(name.String())
		if w.find() {
			w.path = append([]string{member}, w.path...)
			return true
		}
	}
	w.dec.ReadToken()
	return false
}

// first looks at the first element of a list, and passes over the rest.
func (w *wrapping) first() bool {
	if w.dec.PeekKind() != ']' && w.find() {
		return true
	}
	for kind := w.dec.PeekKind(); kind != ']' && kind != 0; kind = w.dec.PeekKind() {
		if w.dec.SkipValue() != nil {
			return false
		}
	}
	w.dec.ReadToken()
	return false
}
