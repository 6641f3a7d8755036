package backup

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"usagegraph/db"
)

// File is a backup that was read completely and is not damaged.
type File struct {
	Path string
	// Size is the length of the file in bytes.
	Size int64
	Header
	// Sums are those of all tables, by name.
	Sums map[string]Sum
}

// Open reads a backup completely. It returns an error if the file is not a backup, is cut off or damaged, or is of a
// later version than this program.
func Open(ctx context.Context, path string, show Progress) (*File, error) {
	r, err := open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	f := &File{Path: path, Size: r.size, Header: r.header, Sums: map[string]Sum{}}
	for {
		t, err := r.nextTable()
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
		values := make([]any, len(t.Columns))
		more := true
		for more {
			if more, err = r.nextRow(values); err != nil {
				return nil, err
			}
			if more && r.rows%step == 0 {
				show("checking "+path, r.rows, r.header.Rows)
				if err := ctx.Err(); err != nil {
					return nil, err
				}
			}
		}
		f.Sums[t.Name] = r.sums.sum()
	}
}

// reader reads the items of a file in order, and checks them.
type reader struct {
	path   string
	file   *os.File
	size   int64
	stream *zstd.Decoder
	in     *bufio.Reader
	header Header
	// table is the current table, sums holds the sums of its rows so far.
	table *Table
	sums  *summer
	// tables and rows count the tables and rows read so far.
	tables  int
	rows    int64
	content bytes.Buffer
}

// open opens a file and reads its header.
func open(path string) (*reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &reader{path: path, file: file}
	if err := r.begin(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *reader) begin() error {
	info, err := r.file.Stat()
	if err != nil {
		return err
	}
	r.size = info.Size()
	compressed := bufio.NewReader(r.file)
	line, _ := compressed.Peek(len(magic) + len(formatVersion) + 1)
	version, ok := strings.CutPrefix(string(line), magic)
	if !ok {
		return fmt.Errorf("%s is not a backup of usagegraph", r.path)
	}
	if version != formatVersion+"\n" {
		return fmt.Errorf("%s has another format than %s, which this program reads: use a newer program", r.path, formatVersion)
	}
	compressed.Discard(len(line))
	if r.stream, err = zstd.NewReader(compressed); err != nil {
		return err
	}
	r.in = bufio.NewReader(r.stream)
	if err := r.json(headerItem, &r.header); err != nil {
		return err
	}
	if last := db.LatestVersion(); r.header.SchemaVersion > last || r.header.SchemaVersion < 1 {
		return fmt.Errorf("%s is a backup of a database of version %d, this program is of version %d: use a newer program", r.path, r.header.SchemaVersion, last)
	}
	return nil
}

// Close closes the file.
func (r *reader) Close() error {
	if r.stream != nil {
		r.stream.Close()
	}
	return r.file.Close()
}

// nextTable reads the beginning of the next table. It returns io.EOF after the trailer.
func (r *reader) nextTable() (*Table, error) {
	kind, err := r.item()
	if err != nil {
		return nil, err
	}
	if kind == trailerItem {
		return nil, r.end()
	}
	r.table, r.sums = &Table{}, newSummer()
	r.tables++
	return r.table, r.decode(kind, tableItem, r.table)
}

// nextRow reads the next row of the table into values. It returns false after the last row, and an error if the sum of
// the table is wrong.
func (r *reader) nextRow(values []any) (bool, error) {
	kind, err := r.item()
	if err != nil {
		return false, err
	}
	if kind == rowItem {
		r.sums.add(r.content.Bytes())
		r.rows++
		if err := parseRow(r.content.Bytes(), values); err != nil {
			return false, r.damaged(err)
		}
		return true, nil
	}
	var want Sum
	if err := r.decode(kind, endItem, &want); err != nil {
		return false, err
	}
	if got := r.sums.sum(); got != want {
		return false, r.damaged(fmt.Errorf("it has %d of %d rows, or their SHA-256 differs", got.Rows, want.Rows))
	}
	return false, nil
}

// end checks the trailer, and that nothing follows it. It returns io.EOF for a correct file.
func (r *reader) end() error {
	var want trailer
	if err := r.decode(trailerItem, trailerItem, &want); err != nil {
		return err
	}
	r.table = nil
	if got := (trailer{r.tables, r.rows}); got != want || r.rows != r.header.Rows {
		return r.damaged(fmt.Errorf("it has %d tables and %d rows, want %d and %d", got.Tables, got.Rows, want.Tables, want.Rows))
	}
	switch _, err := r.in.ReadByte(); err {
	case io.EOF:
		return io.EOF
	case nil:
		return r.damaged(errors.New("unexpected data after its end"))
	default:
		return r.damaged(err)
	}
}

// item reads an item into r.content and returns its kind.
func (r *reader) item() (byte, error) {
	kind, err := r.in.ReadByte()
	if err != nil {
		return 0, r.damaged(err)
	}
	length, err := binary.ReadUvarint(r.in)
	if err != nil {
		return 0, r.damaged(err)
	}
	r.content.Reset()
	// A damaged length reads to the end of the file, and uses no more memory than that.
	if _, err := io.CopyN(&r.content, r.in, int64(min(length, 1<<62))); err != nil {
		return 0, r.damaged(err)
	}
	return kind, nil
}

// json reads and decodes an item, which must be of a kind.
func (r *reader) json(want byte, v any) error {
	kind, err := r.item()
	if err != nil {
		return err
	}
	return r.decode(kind, want, v)
}

// decode decodes the current item, which must be of a kind.
func (r *reader) decode(kind, want byte, v any) error {
	if kind != want {
		return r.damaged(fmt.Errorf("found an item %q, want %q", kind, want))
	}
	if err := json.Unmarshal(r.content.Bytes(), v); err != nil {
		return r.damaged(err)
	}
	return nil
}

// damaged returns an error with the place at which a file is damaged or cut off. It does not wrap the cause, which db
// could mistake for an error of its connection.
func (r *reader) damaged(cause error) error {
	place := "at its beginning"
	switch {
	case r.table != nil:
		place = fmt.Sprintf("in table %s, after row %d", r.table.Name, r.sums.rows)
	case r.tables > 0:
		place = "at its end"
	}
	if errors.Is(cause, io.EOF) || errors.Is(cause, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is cut off %s", r.path, place)
	}
	return fmt.Errorf("%s is damaged %s: %v", r.path, place, cause)
}
