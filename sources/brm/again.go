package brm

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// again returns a stored usage record with the customer and the line that decode finds in its document.
func (d decoder) again(u *db.UsageRecord) *ingest.Record {
	// The parties are stored once they could be read: there is no error.
	_, parties, _ := partiesOf(jsontext.Value(u.RelatedPartiesJSON))
	return d.record(u, parties)
}
