package brm

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// redecode returns a stored usage record with the customer and subscription that decode would return for its document.
func (d decoder) redecode(u *db.UsageRecord) *ingest.Record {
	// Stored parties are valid.
	_, parties, _ := parseParties(jsontext.Value(u.RelatedPartiesJSON))
	return d.record(u, parties)
}
