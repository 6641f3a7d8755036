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

// headSize is the number of uncompressed bytes that format detection examines.
const headSize = 1 << 16

// FormatError is returned for a document in an unsupported format. Nothing of it is imported.
type FormatError struct {
	// Found is the detected format, Want the supported one.
	Found, Want string
}

func (e *FormatError) Error() string { return fmt.Sprintf("this is %s: want %s", e.Found, e.Want) }

// supportedForms describes the supported formats.
const supportedForms = `JSON: an array of records, an object with them in "results", or one record after another (NDJSON), plain or gzip`

// csvForm describes a CSV document.
const csvForm = "CSV with a header of the documented field names, separated by commas or semicolons"

// forms describes the formats that are supported for a system.
func forms(s Source) string {
	if s.CSV == nil {
		return supportedForms
	}
	return supportedForms + "; or " + csvForm
}

// signatures are the first bytes of other formats.
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

// checkFormat reports whether a document is CSV. It returns a FormatError for a document that is neither JSON nor CSV of
// the system, or whose records are in an unsupported place, and nil if the document cannot be read: the splitter reports
// that.
func (im *Importer) checkFormat(document *bufio.Reader, s Source) (csv bool, err error) {
	head, err := document.Peek(headSize)
	whole := errors.Is(err, io.EOF)
	if !whole && err != nil && len(head) == 0 {
		return false, nil
	}
	if found := otherFormat(head); found != "" {
		return false, &FormatError{found, forms(s)}
	}
	if utf16(head) {
		return false, &FormatError{"UTF-16 text", "UTF-8 (iconv -f UTF-16 -t UTF-8 converts it)"}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(text) == 0 && whole:
		return false, &FormatError{"an empty document", forms(s)}
	case len(text) == 0:
		return false, nil
	case text[0] == '{' || text[0] == '[':
		if member := im.recordPath(text); member != "" {
			return false, &FormatError{"JSON with its records in " + member, `an array of records, an object with them in "results", or one record after another (NDJSON)`}
		}
		return false, nil
	}
	if isCSV(text, s.CSV) {
		return true, nil
	}
	if found := textFormat(text); found != "" {
		return false, &FormatError{found, forms(s)}
	}
	return false, nil
}

// otherFormat returns the format of a binary document, detected by its first bytes; empty for text.
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

// utf16 reports whether a document is UTF-16 text, with or without a byte order mark.
func utf16(head []byte) bool {
	if len(head) < 2 {
		return false
	}
	return bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) || (head[0] == 0) != (head[1] == 0)
}

// textFormat returns the format of text whose first line begins neither an object nor an array; empty if a later line
// does.
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

// recordPath returns the path of the member that holds the records of a JSON document. It is empty if the splitter
// finds the records itself, or if the first bytes contain none.
func (im *Importer) recordPath(text []byte) string {
	f := recordFinder{text: text, is: im.isRecord, dec: jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	top := text
	if text[0] == '[' {
		top = bytes.TrimLeft(text[1:], " \t\r\n")
	}
	for name := range memberNames(top) {
		if im.isMark(name) {
			return ""
		}
	}
	if !f.find() || len(f.path) == 0 || text[0] == '{' && len(f.path) == 1 && f.path[0] == envelope {
		return ""
	}
	return fmt.Sprintf("%q", strings.Join(f.path, "."))
}

// isMark reports whether a name is among the marks of a system.
func (im *Importer) isMark(name string) bool {
	for _, s := range im.Sources {
		for _, mark := range s.Marks {
			if mark == name {
				return true
			}
		}
	}
	return false
}

// recordFinder searches the beginning of a document for the first record.
type recordFinder struct {
	text []byte
	is   isRecord
	dec  *jsontext.Decoder
	// path lists the members that lead to the record, after find returned true.
	path []string
}

// maxSearchDepth is the maximum number of nested lists and objects that are searched for a record.
const maxSearchDepth = 6

// find reads a value and reports whether it is a record, or contains one in its members or in the first element of a
// list. It returns false if the text ends early.
func (f *recordFinder) find() bool {
	kind := f.dec.PeekKind()
	if kind != '{' && kind != '[' || f.dec.StackDepth() >= maxSearchDepth {
		f.dec.SkipValue()
		return false
	}
	at := f.dec.InputOffset()
	if begin := bytes.IndexByte(f.text[at:], byte(kind)); kind == '{' && f.is(f.text[int(at)+begin:]) {
		return true
	}
	if _, err := f.dec.ReadToken(); err != nil {
		return false
	}
	if kind == '[' {
		return f.findInFirst()
	}
	for f.dec.PeekKind() == '"' {
		name, err := f.dec.ReadToken()
		if err != nil {
			return false
		}
		member := abbreviate(name.String())
		if f.find() {
			f.path = append([]string{member}, f.path...)
			return true
		}
	}
	f.dec.ReadToken()
	return false
}

// findInFirst searches the first element of a list and skips the rest.
func (f *recordFinder) findInFirst() bool {
	if f.dec.PeekKind() != ']' && f.find() {
		return true
	}
	for kind := f.dec.PeekKind(); kind != ']' && kind != 0; kind = f.dec.PeekKind() {
		if f.dec.SkipValue() != nil {
			return false
		}
	}
	f.dec.ReadToken()
	return false
}
