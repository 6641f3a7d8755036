package elevate

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// extension holds the parts of a record that have no column, in the order in which they are stored.
type extension struct {
	// EventDate is the text of a time that is finer than a microsecond.
	EventDate *string        `json:"eventDate,omitzero"`
	Extra     jsontext.Value `json:",unknown"`
}

// encodeExtension returns the extension of a record as JSON; nil where all parts have columns.
func (r *Record) encodeExtension(at ingest.Instant) db.JSON {
	if !at.Truncated {
		return ingest.Stored(r.Extra)
	}
	text, err := json.Marshal(extension{EventDate: at.Text, Extra: r.Extra}, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("elevate: write an extension: %v", err)) // its parts were read from one valid object
	}
	return ingest.Stored(text)
}

// unknownMembers returns the members of a stored extension that the page does not define.
func unknownMembers(stored db.JSON) (jsontext.Value, error) {
	if !strings.HasPrefix(string(stored), `{"eventDate":`) {
		return jsontext.Value(stored), nil
	}
	var e extension
	err := json.Unmarshal(stored, &e)
	return e.Extra, err
}
