package dxp

import (
	"sync"

	"usagegraph/db"
	"usagegraph/ingest"
)

// redecoder redecodes the stored reports of all markets.
type redecoder struct {
	decoder

	mu sync.Mutex
	// markets caches the decoders by business id.
	markets map[string]decoder
}

func newRedecoder(d decoder) *redecoder {
	return &redecoder{decoder: d, markets: map[string]decoder{d.BusinessID: d}}
}

// redecode returns a stored report with the id and subscription that decode would return for its document. Its market
// is the stored one, or that of the settings where none is stored.
func (s *redecoder) redecode(r *db.ConsumptionReport) *ingest.Record {
	d := s.decoder
	if r.BusinessID != nil {
		d = s.market(*r.BusinessID)
	}
	// An imported report has a valid description.
	kind, identifier, _ := parseDescription(r.Description)
	return d.record(r, kind, identifier)
}

// market returns the decoder of a market. It is safe for concurrent use.
func (s *redecoder) market(id string) decoder {
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
