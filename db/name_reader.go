package db

import (
	"strings"
	"sync"
)

// NameReader reads the texts of one source that may name a line, and remembers what it has read. It is safe for
// concurrent use.
type NameReader struct {
	source Source
	region string

	mu    sync.RWMutex
	cache map[nameKey]nameResult
}

type nameKey struct {
	text  string
	order readingOrder
}

type nameResult struct {
	name SubscriptionName
	word NameForm
}

const (
	// maxCachedNames is the size of the cache of a reader, in texts; a full cache is cleared.
	maxCachedNames = 100_000
	// maxCachedText is the longest text that is cached, in bytes.
	maxCachedText = 64
)

// NewNameReader returns a reader for a source, with the region of its national numbers (see ReadName).
func NewNameReader(source Source, region string) *NameReader {
	return &NameReader{source: source, region: region, cache: map[nameKey]nameResult{}}
}

// Read is ReadName with the reader's source and region.
func (r *NameReader) Read(text string) (SubscriptionName, NameForm) {
	return r.read(text, nationalFirst)
}

// ReadMSISDN is ReadMSISDN with the reader's source and region.
func (r *NameReader) ReadMSISDN(text string) (SubscriptionName, NameForm) {
	return r.read(text, internationalFirst)
}

func (r *NameReader) read(text string, order readingOrder) (SubscriptionName, NameForm) {
	key := nameKey{text, order}
	r.mu.RLock()
	known, ok := r.cache[key]
	r.mu.RUnlock()
	if ok {
		return known.name, known.word
	}
	name, word := readName(r.source, text, r.region, order)
	if len(text) > maxCachedText {
		return name, word
	}
	// The text may be part of a whole document, which the cache must not keep.
	key.text = strings.Clone(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.cache) >= maxCachedNames {
		clear(r.cache)
	}
	r.cache[key] = nameResult{name, word}
	return name, word
}
