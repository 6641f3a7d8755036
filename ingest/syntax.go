package ingest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// plainSyntax is a syntax error without the decoder's prefix and offset, which is one of this piece alone.
func (s *splitter) plainSyntax(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the document ends in the middle")
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &syntax):
		if word := s.notANumber(syntax.ByteOffset); word != "" {
			return fmt.Errorf("not JSON: %s, which is no number there: want a number or null", word)
		}
		return errors.New("not JSON: " + strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return err
}

// notANumber returns the word at a syntax error, at an offset of the decoder's, if it is one that other languages write for what
// is no number.
func (s *splitter) notANumber(at int64) string {
	unread := s.dec.UnreadBuffer()
	// The error is at the first letter, or at the second one of nan, which begins like null.
	begin := max(at-s.dec.InputOffset()-1, 0)
	if begin >= int64(len(unread)) {
		return ""
	}
	found := notANumber.FindSubmatch(unread[begin:])
	if found == nil {
		return ""
	}
	return string(found[1])
}

var notANumber = regexp.MustCompile(`(?s)^.??(NaN|nan|-?Infinity|-?infinity|-?inf)\b`)
