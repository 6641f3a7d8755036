package db

import (
	"strings"
	"sync"
)

// NameReader is a cache in front of ReadName, ReadMSISDN and countryOf for one source and region. It is safe for concurrent use.
type NameReader struct {
	source Source
	region string

	mu    sync.RWMutex
	cache map[nameKey]nameResult
	// countries caches the countries of numbers.
	countries map[countryKey]*string
}

type nameKey struct {
	text  string
	order readingOrder
}

type nameResult struct {
	name SubscriptionName
	form NameForm
}

const (
	// maxCachedNames is the maximum number of cached texts. A full cache is cleared.
	maxCachedNames = 100_000
	// maxCachedText is the maximum length of a cached text, in bytes.
	maxCachedText = 64
)

// NewNameReader returns a NameReader for a source and the region of its national numbers (see ReadName).
func NewNameReader(source Source, region string) *NameReader {
	return &NameReader{source: source, region: region, cache: map[nameKey]nameResult{}, countries: map[countryKey]*string{}}
}

// Read is ReadName with the source and region of the reader.
func (r *NameReader) Read(text string) (SubscriptionName, NameForm) {
	return r.read(text, nationalFirst)
}

// ReadMSISDN is the function ReadMSISDN with the source and region of the reader.
func (r *NameReader) ReadMSISDN(text string) (SubscriptionName, NameForm) {
	return r.read(text, internationalFirst)
}

func (r *NameReader) read(text string, order readingOrder) (SubscriptionName, NameForm) {
	key := nameKey{text, order}
	r.mu.RLock()
	known, ok := r.cache[key]
	r.mu.RUnlock()
	if ok {
		return known.name, known.form
	}
	name, form := readName(r.source, text, r.region, order)
	if len(text) > maxCachedText {
		return name, form
	}
	// Clone: the text may be a part of a whole document, which the cache must not keep in memory.
	key.text = strings.Clone(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.cache) >= maxCachedNames {
		clear(r.cache)
	}
	r.cache[key] = nameResult{name, form}
	return name, form
}
