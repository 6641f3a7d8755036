package db

// Packed is records that are ready to be put: what is stored of them is worked out. Only whose they are may still change.
type Packed struct {
	usages    []packed[UsageRecord, *UsageRecord]
	summaries []packed[UsageSummary, *UsageSummary]
	reports   []packed[ConsumptionReport, *ConsumptionReport]
}

// Pack makes records with their parts ready to be put, those of each kind of one source. It needs no transaction, so
// that it can be done while another one runs.
func Pack(usages []*UsageRecord, summaries []*UsageSummary, reports []*ConsumptionReport) *Packed {
	return &Packed{packAll(usageRecords, usages), packAll(usageSummaries, summaries), packAll(consumptionReports, reports)}
}

func packAll[T any, K ~string, R record[T]](t *table[T, K], records []R) []packed[T, R] {
	all := make([]packed[T, R], len(records))
	for i, r := range records {
		all[i] = pack(t, r)
	}
	return all
}

// packed is a record that is ready to be put.
type packed[T any, R record[T]] struct {
	record R
	// row is what is stored of the record itself but its keys.
	row    []any
	digest string
}

func pack[T any, K ~string, R record[T]](t *table[T, K], r R) packed[T, R] {
	key, line := *r.place(), *r.line()
	*r.place(), *r.line() = Key{}, nil
	defer func() { *r.place(), *r.line() = key, line }()
	row := t.values((*T)(r))
	// The buckets are numbered, so that a part which moves to another bucket shows in the digest.
	n := int64(0)
	return packed[T, R]{r, row, digest(row, r.parts(func(int64, string) int64 { n++; return n }))}
}

// values returns what is stored of a record, its digest last; keys are where its keys stand.
func (p packed[T, R]) values(keys [3]int) []any {
	p.row[keys[0]], p.row[keys[1]] = p.record.place().CustomerID, p.record.place().ID
	if line := *p.record.line(); line != nil {
		p.row[keys[2]] = *line
	}
	return append(p.row, p.digest)
}
