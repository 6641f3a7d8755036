package ingest

import (
	"bytes"
	"io"
)

// pushbackReader is a reader to which text can be returned.
type pushbackReader struct {
	io.Reader
	// pushed holds the returned texts in the order in which they are read again.
	pushed [][]byte
}

func (r *pushbackReader) Read(p []byte) (int, error) {
	for len(r.pushed) > 0 {
		n := copy(p, r.pushed[0])
		if r.pushed[0] = r.pushed[0][n:]; len(r.pushed[0]) == 0 {
			r.pushed = r.pushed[1:]
		}
		if n > 0 {
			return n, nil
		}
	}
	return r.Reader.Read(p)
}

// unread returns text to the reader; the next Read returns it first.
func (r *pushbackReader) unread(text []byte) { r.pushed = append([][]byte{text}, r.pushed...) }

// skipLine skips the text up to and including the next line feed and returns its length in bytes.
func (r *pushbackReader) skipLine() (int64, error) {
	skipped := int64(0)
	buffer := make([]byte, 4096)
	for {
		n, err := r.Read(buffer)
		if at := bytes.IndexByte(buffer[:n], '\n'); at >= 0 {
			r.unread(buffer[at+1 : n])
			return skipped + int64(at+1), nil
		}
		skipped += int64(n)
		if err != nil {
			return skipped, err
		}
	}
}

// recordLimiter returns errTooLarge after more than maxRecord bytes since n was last reset.
type recordLimiter struct {
	io.Reader
	n int
}

func (l *recordLimiter) Read(p []byte) (int, error) {
	if l.n > maxRecord {
		return 0, errTooLarge
	}
	n, err := l.Reader.Read(p)
	l.n += n
	return n, err
}

// recorder is a reader that records the text read since a position.
type recorder struct {
	io.Reader
	recorded []byte
	// from is the offset of recorded in the text read so far, in bytes.
	from    int64
	stopped bool
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if !r.stopped {
		r.recorded = append(r.recorded, p[:n]...)
	}
	return n, err
}

// begin discards what was recorded before an offset. unread is the decoder's unread buffer, which is already recorded
// unless the recorder was stopped.
func (r *recorder) begin(at int64, unread []byte) {
	if r.stopped {
		r.recorded, r.from, r.stopped = bytes.Clone(unread), at, false
		return
	}
	r.recorded, r.from = r.recorded[at-r.from:], at
}

// stop stops recording and discards what was recorded.
func (r *recorder) stop() { r.recorded, r.stopped = nil, true }
