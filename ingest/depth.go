package ingest

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep a record may be nested. What reads and writes JSON here takes 10,000 levels, and a record is written
// within the list of an answer.
const maxDepth = 10_000 - 2

var errTooDeep = fmt.Errorf("nested more than %d levels deep", maxDepth)

// checkDepth returns an error for a record that could be read, but not be written in a list.
func checkDepth(record jsontext.Value) error {
	if bytes.Count(record, []byte("{"))+bytes.Count(record, []byte("[")) <= maxDepth {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(record), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		if _, err := dec.ReadToken(); err != nil {
			return nil // its end, as it was cut from its document
		}
		if dec.StackDepth() > maxDepth {
			return errTooDeep
		}
	}
}
