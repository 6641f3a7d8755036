// Package backup writes the contents of a database to a file, checks the file, and loads it into an empty database. The
// file has the same form for SQLite and PostgreSQL, so that a backup of one can be restored into the other.
//
// A file begins with a line that names the format. The rest is compressed by Zstandard: a sequence of items, each a byte
// for its kind, its length, and its content.
//
//	header  JSON: the schema version, when and by which program the backup was made, number of rows
//	table   JSON: name and columns of a table; the tables follow each other by name
//	row     its values in the order of the columns; the rows follow each other by primary key
//	end     JSON: number of rows and SHA-256 of the table's rows, after the last one
//	trailer JSON: number of tables and rows, after the last table
package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"time"
)

// magic is the first line of a file without its last word, which is formatVersion.
const (
	magic         = "usagegraph backup "
	formatVersion = "1"
)

// The kinds of items.
const (
	headerItem  = 'H'
	tableItem   = 'T'
	rowItem     = 'R'
	endItem     = 'E'
	trailerItem = 'Z'
)

// Header describes the origin of a backup.
type Header struct {
	// SchemaVersion is the number of the last migration of the database.
	SchemaVersion int       `json:"schemaVersion"`
	CreatedAt     time.Time `json:"createdAt"`
	// Program is the version of the program that made the backup.
	Program string `json:"program"`
	// Rows is the number of rows of all tables.
	Rows int64 `json:"rows"`
}

// Table is a table of a backup.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Sum holds the number of rows of a table and the SHA-256 of all of them, in hexadecimal. Both databases yield the same
// sum for the same contents.
type Sum struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

// trailer ends a complete file.
type trailer struct {
	Tables int   `json:"tables"`
	Rows   int64 `json:"rows"`
}

// summer computes the sum of the rows of a table.
type summer struct {
	hash hash.Hash
	rows int64
	// length is a buffer for the length of a row, which is part of the hash.
	length [binary.MaxVarintLen64]byte
}

func newSummer() *summer { return &summer{hash: sha256.New()} }

func (s *summer) add(row []byte) {
	s.hash.Write(s.length[:binary.PutUvarint(s.length[:], uint64(len(row)))])
	s.hash.Write(row)
	s.rows++
}

func (s *summer) sum() Sum { return Sum{s.rows, hex.EncodeToString(s.hash.Sum(nil))} }

// encoder writes items.
type encoder struct {
	out    *bufio.Writer
	length [binary.MaxVarintLen64]byte
}

func (e *encoder) item(kind byte, content []byte) error {
	e.out.WriteByte(kind) // the writer keeps its first error
	e.out.Write(e.length[:binary.PutUvarint(e.length[:], uint64(len(content)))])
	_, err := e.out.Write(content)
	return err
}

func (e *encoder) json(kind byte, v any) error {
	content, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return e.item(kind, content)
}
