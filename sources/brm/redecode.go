package brm

import (
	"github.com/go-json-experiment/json/jsontext"

	"usagegraph/db"
	"usagegraph/ingest"
)

// redecode returns a stored usage record with the quantities, the customer and the subscription that decode would return
// for its document.
func (d decoder) redecode(u *db.UsageRecord) *ingest.Record {
	// Stored parties and characteristics are valid.
	_, parties, _ := parseParties(jsontext.Value(u.RelatedPartiesJSON))
	_, _ = d.setQuantities(u)
	return d.record(u, parties)
}
