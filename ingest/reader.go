package ingest

import (
	"bytes"
	"io"
)

// again is a reader that takes back what was read too much.
type again struct {
	io.Reader
	// back are the texts that were taken back, in the order in which they are read again.
	back [][]byte
}

func (a *again) Read(p []byte) (int, error) {
	for len(a.back) > 0 {
		n := copy(p, a.back[0])
		if a.back[0] = a.back[0][n:]; len(a.back[0]) == 0 {
			a.back = a.back[1:]
		}
		if n > 0 {
			return n, nil
		}
	}
	return a.Reader.Read(p)
}

// takeBack has a text read again, before all else.
func (a *again) takeBack(text []byte) { a.back = append([][]byte{text}, a.back...) }

// skipLine passes over all up to the next line feed, and returns how much that was.
func (a *again) skipLine() (int64, error) {
	passed := int64(0)
	piece := make([]byte, 4096)
	for {
		n, err := a.Read(piece)
		if at := bytes.IndexByte(piece[:n], '\n'); at >= 0 {
			a.takeBack(piece[at+1 : n])
			return passed + int64(at+1), nil
		}
		passed += int64(n)
		if err != nil {
			return passed, err
		}
	}
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

// tape keeps what passes from a place on.
type tape struct {
	io.Reader
	kept []byte
	// from is where kept begins, in bytes of what has passed.
	from int64
	off  bool
}

func (t *tape) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if !t.off {
		t.kept = append(t.kept, p[:n]...)
	}
	return n, err
}

// begin forgets what passed before a place; what a decoder holds unread of it is on the tape already unless it was off.
func (t *tape) begin(at int64, unread []byte) {
	if t.off {
		t.kept, t.from, t.off = bytes.Clone(unread), at, false
		return
	}
	t.kept, t.from = t.kept[at-t.from:], at
}

// end stops keeping: what comes now is not read again.
func (t *tape) end() { t.kept, t.off = nil, true }
