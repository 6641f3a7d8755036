package elevate

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// kept is an extension: what the model has no column for, in this order.
type kept struct {
	// EventDate is the text of a time that is finer than the stored one.
	EventDate *string        `json:"eventDate,omitzero"`
	Extra     jsontext.Value `json:",unknown"`
}

// extension returns what the model has no column for.
func (r *Record) extension(at ingest.Instant) db.JSON {
	if !at.Truncated {
		return ingest.Stored(r.Extra)
	}
	text, err := json.Marshal(kept{EventDate: at.Text, Extra: r.Extra}, jsontext.PreserveRawStrings(true))
	if err != nil {
		panic(fmt.Sprintf("elevate: write an extension: %v", err)) // its parts were read from one valid object
	}
	return ingest.Stored(text)
}

// extra is the reverse of extension: the members that the page does not have.
func extra(extension db.JSON) (jsontext.Value, error) {
	if !strings.HasPrefix(string(extension), `{"eventDate":`) {
		return jsontext.Value(extension), nil
	}
	var k kept
	err := json.Unmarshal(extension, &k)
	return k.Extra, err
}
