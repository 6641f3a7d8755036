package db

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
)

// digest tells apart two contents of a record: all that is stored of it and its parts but its ids and whose it is,
// which linking customers changes.
func digest[T any, K ~string, R record[T]](t *table[T, K], r R) string {
	key, line := *r.place(), *r.line()
	*r.place(), *r.line() = Key{}, nil
	defer func() { *r.place(), *r.line() = key, line }()
	h := sha256.New()
	// The buckets are numbered, so that a part which moves to another bucket shows.
	n := int64(0)
	p := r.parts(func(int64, string) int64 { n++; return n })
	hashValues(h, t.values((*T)(r)))
	hashParts(h, ratedUsages, p.prices)
	hashParts(h, usageSummaryLines, p.lines)
	for _, b := range p.buckets {
		hashValues(h, buckets.values(b))
	}
	hashParts(h, bucketBalances, p.balances)
	hashParts(h, bucketCounters, p.counters)
	return base64.RawStdEncoding.EncodeToString(h.Sum(nil)[:16])
}

func hashParts[T any](h hash.Hash, t *childTable[T], parts []*T) {
	for _, p := range parts {
		hashValues(h, t.values(p))
	}
}

func hashValues(h hash.Hash, values []any) {
	for _, v := range values {
		if v = plain(v); v == nil {
			h.Write([]byte{0})
			continue
		}
		text := fmt.Sprint(v)
		fmt.Fprintf(h, "%d:", len(text))
		h.Write([]byte(text))
	}
}
