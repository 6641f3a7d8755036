package ingest

import (
	"bytes"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is the maximum nesting depth of a record. The JSON encoder and decoder accept 10,000 levels, and an answer
// wraps records in a list.
const maxDepth = 10_000 - 2

var errTooDeep = fmt.Errorf("nested more than %d levels deep", maxDepth)

// checkDepth returns an error for a record that can be decoded but is too deep to be encoded within a list.
func checkDepth(record jsontext.Value) error {
	if bytes.Count(record, []byte("{"))+bytes.Count(record, []byte("[")) <= maxDepth {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewReader(record), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	for {
		if _, err := dec.ReadToken(); err != nil {
			return nil // the end of the record
		}
		if dec.StackDepth() > maxDepth {
			return errTooDeep
		}
	}
}
