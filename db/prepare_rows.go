package db

// PreparedRecords is records that are ready to be put: what is stored of them is worked out. Only whose they are may still change.
type PreparedRecords struct {
	usages    []preparedRecord[UsageRecord, *UsageRecord]
	summaries []preparedRecord[UsageSummary, *UsageSummary]
	reports   []preparedRecord[ConsumptionReport, *ConsumptionReport]
}

// PrepareRecords makes records with their parts ready to be put, those of each kind of one source. It needs no transaction, so
// that it can be done while another one runs.
func PrepareRecords(usages []*UsageRecord, summaries []*UsageSummary, reports []*ConsumptionReport) *PreparedRecords {
	return &PreparedRecords{prepareAll(usageRecords, usages), prepareAll(usageSummaries, summaries), prepareAll(consumptionReports, reports)}
}

func prepareAll[T any, K ~string, R record[T]](t *table[T, K], records []R) []preparedRecord[T, R] {
	all := make([]preparedRecord[T, R], len(records))
	for i, r := range records {
		all[i] = prepare(t, r)
	}
	return all
}

// preparedRecord is a record that is ready to be put.
type preparedRecord[T any, R record[T]] struct {
	record R
	// row is what is stored of the record, parts what is stored of its parts, table by table; both but their keys.
	row    []any
	parts  [][][]any
	digest string
}

// version returns what the record is compared by.
func (p preparedRecord[T, R]) version() storedRecord {
	return storedRecord{StoredRecord: StoredRecord{Key: *p.record.keyPtr(), SubscriptionID: *p.record.subscriptionIDPtr(), Claim: p.record.claim()}, Digest: p.digest}
}

func prepare[T any, K ~string, R record[T]](t *table[T, K], r R) preparedRecord[T, R] {
	key, line := *r.keyPtr(), *r.subscriptionIDPtr()
	*r.keyPtr(), *r.subscriptionIDPtr() = Key{}, nil
	defer func() { *r.keyPtr(), *r.subscriptionIDPtr() = key, line }()
	r.hashIDs()
	p := preparedRecord[T, R]{record: r, row: t.values((*T)(r))}
	// The buckets are numbered, so that a part which moves to another bucket shows in the digest.
	content := t.appendContent(make([]byte, 0, 1024), p.row)
	n := int64(0)
	for _, part := range r.parts(func() int64 { n++; return n }) {
		values := part.values()
		content = part.appendContent(content, values)
		p.parts = append(p.parts, values)
	}
	p.digest = newDigest(content)
	return p
}

// part is the rows of one table that go with a record.
type part interface {
	// table returns the table and its columns.
	table() (string, []string)
	// values returns what is stored of the rows, rekey renews the keys in it.
	values() [][]any
	// appendContent appends the content of the rows with these values.
	appendContent(content []byte, values [][]any) []byte
	rekey(values [][]any)
}

type partOf[T any] struct {
	*relation[T]
	rows []*T
}

func (p partOf[T]) table() (string, []string) { return p.name, p.columns }

func (p partOf[T]) values() [][]any {
	values := make([][]any, len(p.rows))
	for i, row := range p.rows {
		values[i] = p.relation.values(row)
	}
	return values
}

func (p partOf[T]) appendContent(content []byte, values [][]any) []byte {
	for _, row := range values {
		content = p.relation.appendContent(content, row)
	}
	return content
}

func (p partOf[T]) rekey(values [][]any) {
	for i, row := range p.rows {
		p.relation.rekey(values[i], row)
	}
}
