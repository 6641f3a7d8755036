package db

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxRejects is the maximum number of rejects that are stored for an import, MaxRejectText that of the bytes of their
// texts: the records hold personal data.
const (
	MaxRejects    = 1000
	MaxRejectText = 16 << 10
)

// ImportReject is a record of an import that could not be read.
type ImportReject struct {
	ImportID int64 `db:"import_id"`
	// Position counts the rejects of the import from 0.
	Position int32 `db:"position"`
	// Record is the number of the record in the document, from 1. Byte is its offset in the uncompressed document.
	Record int64 `db:"record"`
	Byte   int64 `db:"byte"`
	// FieldName is empty for the record as a whole.
	FieldName string `db:"field"`
	Reason    string `db:"reason"`
	// Text is the record, or the beginning of it if Complete is false.
	Text     string `db:"text"`
	Complete bool   `db:"is_complete"`
}

const rejectColumns = "import_id, position, record, byte, field, reason, text, is_complete"

// Field returns the path of the field; nil for the record as a whole.
func (r *ImportReject) Field() *string {
	if r.FieldName == "" {
		return nil
	}
	return &r.FieldName
}

var importRejects = newRelation[ImportReject]("import_rejects")

// SetText sets Text and Complete. It cuts the text to MaxRejectText bytes and replaces what no database stores.
func (r *ImportReject) SetText(text []byte) {
	cut := string(text[:min(len(text), MaxRejectText)])
	if len(cut) < len(text) {
		for len(cut) > 0 && !utf8.RuneStart(text[len(cut)]) {
			cut = cut[:len(cut)-1]
		}
	}
	r.Text = strings.ReplaceAll(strings.ToValidUTF8(cut, "\uFFFD"), "\x00", "\uFFFD")
	r.Complete = r.Text == string(text)
}

// AddRejects stores rejects of an import.
func (tx *Tx) AddRejects(ctx context.Context, rejects []*ImportReject) error {
	return insertAll(ctx, tx, &importRejects, rejects)
}

// rejects returns the stored rejects of an import in the order of the document.
func (s *Store) rejects(ctx context.Context, importID int64) ([]*ImportReject, error) {
	var rejects []*ImportReject
	err := s.pools.Read.SelectContext(ctx, &rejects, "SELECT "+rejectColumns+" FROM import_rejects WHERE import_id = $1 ORDER BY position", importID)
	if err != nil {
		return nil, s.failure(ctx, fmt.Errorf("read rejects: %w", err))
	}
	return rejects, nil
}
