package ingest

import (
	"bufio"
	"errors"
	"io"
)

// ErrDocumentTooLarge is returned for a document of more than Importer.MaxBytes bytes, in place of the rest.
var ErrDocumentTooLarge = errors.New("the document is too large")

// sizeLimiter returns ErrDocumentTooLarge after a number of bytes.
type sizeLimiter struct {
	io.Reader
	left int64
}

func limited(r io.Reader, maxBytes int64) *bufio.Reader {
	if maxBytes > 0 {
		r = &sizeLimiter{r, maxBytes}
	}
	return bufio.NewReaderSize(r, headSize)
}

func (l *sizeLimiter) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, ErrDocumentTooLarge
	}
	return n, err
}
