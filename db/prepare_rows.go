package db

// PreparedRecords holds records with the values to store already computed, for Tx.Upsert and Tx.Compare. Only their
// keys and owners may still change.
type PreparedRecords struct {
	usages    []preparedRecord[UsageRecord, *UsageRecord]
	summaries []preparedRecord[UsageSummary, *UsageSummary]
	reports   []preparedRecord[ConsumptionReport, *ConsumptionReport]
}

// PrepareRecords computes the values to store for records and their parts. All records of a kind must have one source.
// It needs no transaction, so that it can run while another batch is written.
func PrepareRecords(usages []*UsageRecord, summaries []*UsageSummary, reports []*ConsumptionReport) *PreparedRecords {
	return &PreparedRecords{prepareAll(usageRecords, usages), prepareAll(usageSummaries, summaries), prepareAll(consumptionReports, reports)}
}

func prepareAll[T any, K ~string, R record[T]](t *table[T, K], records []R) []preparedRecord[T, R] {
	all := make([]preparedRecord[T, R], len(records))
	var content []byte
	for i, r := range records {
		all[i], content = prepare(t, r, content[:0])
	}
	return all
}

// preparedRecord is a record with the values to store.
type preparedRecord[T any, R record[T]] struct {
	record R
	// row holds the column values of the record, parts those of its parts, table by table. The keys in them are not set
	// yet.
	row    []any
	parts  [][][]any
	digest string
	// old is the stored version that the record replaces; nil for a new record.
	old *StoredRecord
}

// version returns the key, claim, digest and destination country of the record, for comparison with the stored version.
func (p *preparedRecord[T, R]) version() storedRecord {
	return storedRecord{StoredRecord: StoredRecord{Key: *p.record.keyPtr(), SubscriptionID: *p.record.subscriptionIDPtr(), Claim: p.record.claim()}, Digest: p.digest, DestinationCountry: p.record.destinationCountry()}
}

// prepare computes the values to store for a record. It appends the content of the record to a buffer and returns the
// buffer for reuse.
func prepare[T any, K ~string, R record[T]](t *table[T, K], r R, content []byte) (preparedRecord[T, R], []byte) {
	key, subscription := *r.keyPtr(), *r.subscriptionIDPtr()
	*r.keyPtr(), *r.subscriptionIDPtr() = Key{}, nil
	defer func() { *r.keyPtr(), *r.subscriptionIDPtr() = key, subscription }()
	r.hashIDs()
	p := preparedRecord[T, R]{record: r, row: t.values((*T)(r))}
	// The buckets get ordinals as ids, so that a part that moves to another bucket changes the digest.
	content = t.appendContent(content, p.row)
	n := int64(0)
	for _, part := range r.parts(func() int64 { n++; return n }) {
		values := part.values()
		content = part.appendContent(content, values)
		p.parts = append(p.parts, values)
	}
	p.digest = newDigest(content)
	return p, content
}

// part holds the rows of one table that are stored with a record.
type part interface {
	// table returns the name of the table and its columns.
	table() (string, []string)
	// values returns the column values of the rows. rekey updates the keys in them.
	values() [][]any
	// appendContent appends the content of the rows with these column values.
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
