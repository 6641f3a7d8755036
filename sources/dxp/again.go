package dxp

import (
	"sync"

	"usagegraph/db"
	"usagegraph/ingest"
)

// stored reads the stored reports of all markets.
type stored struct {
	decoder

	mu sync.Mutex
	// markets are the decoders of other markets than the settings', by business id.
	markets map[string]decoder
}

func newStored(d decoder) *stored {
	return &stored{decoder: d, markets: map[string]decoder{d.BusinessID: d}}
}

// again returns a stored report with the id and the line that decode finds in its document. Its market is the stored one,
// or that of the settings where none is stored.
func (s *stored) again(r *db.ConsumptionReport) *ingest.Record {
	d := s.decoder
	if r.BusinessID != nil {
		d = s.market(*r.BusinessID)
	}
	// The description is stored once it could be read: there is no error.
	kind, identifier, _ := subjectOf(r.Description)
	return d.record(r, kind, identifier)
}

// market returns the decoder of a market.
func (s *stored) market(id string) decoder {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, known := s.markets[id]
	if !known {
		settings := s.Settings
		settings.BusinessID = id
		d = newDecoder(settings)
		s.markets[id] = d
	}
	return d
}
