package ingest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// plainSyntax returns a syntax error without the decoder's prefix, and without its offset, which counts from the start
// of the decoder instead of the document.
func (s *splitter) plainSyntax(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errors.New("the document ends in the middle of a value")
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &syntax):
		if word := s.notANumber(syntax.ByteOffset); word != "" {
			return fmt.Errorf("not JSON: %s is not a number: want a number or null", word)
		}
		return errors.New("not JSON: " + strings.TrimPrefix(syntax.Err.Error(), "jsontext: "))
	}
	return err
}

// notANumber returns the literal at a syntax error if it is NaN or Infinity in a spelling of another language; empty
// otherwise. at is an offset of the decoder.
func (s *splitter) notANumber(at int64) string {
	unread := s.dec.UnreadBuffer()
	// The error is at the first letter, or at the second letter of nan, which begins like null.
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
