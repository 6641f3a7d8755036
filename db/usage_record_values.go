package db

import (
	"context"
	"fmt"
	"strconv"
)

// UsageRecordTextField is a field of usage records whose distinct values can be listed.
type UsageRecordTextField string

// usageRecordTexts maps the fields of UsageRecordTextField to columns.
var usageRecordTexts = map[UsageRecordTextField]string{
	"USAGE_TYPE_NAME": "usage_type_name", "CALL_CLASS": "call_class", "TIME_BAND": "time_band", "PRODUCT_REFERENCE": "product_reference",
	"DESCRIPTION": "description", "DESTINATION": "destination", "SERVICE_ID": "service_id", "FILE_NAME": "file_name",
}

// UsageRecordValue is a distinct value of a field, with the number of records that have it.
type UsageRecordValue struct {
	Value   string
	Records int64
}

// UsageRecordValuesQuery selects distinct values of a field of the usage records that satisfy a filter.
type UsageRecordValuesQuery struct {
	Field UsageRecordTextField
	// Prefix is the text that the values begin with, regardless of the case of A to Z; nil for all values.
	Prefix *string
	Filter *UsageRecordFilter
	// First is the maximum number of values.
	First int32
}

// UsageRecordValues returns the values of a field that the most records have, those first, then in the order of bytes.
// It returns a BadInput error for an unknown field and for a number that no page can have, and a LimitExceeded error if
// more records than TotalsLimits.Records satisfy the filter.
func (r *Reader) UsageRecordValues(ctx context.Context, q UsageRecordValuesQuery) ([]*UsageRecordValue, error) {
	column := usageRecordTexts[q.Field]
	if column == "" {
		return nil, Errorf(BadInput, "unknown field %s of a usage record", q.Field)
	}
	page, err := NewPage(&q.First, nil, nil, nil)
	if err != nil {
		return nil, err
	}
	if q.Prefix != nil && len(EscapeLike(*q.Prefix)) >= maxPattern {
		return nil, Errorf(BadInput, `prefix: want at most %d bytes, where %%, _ and \ count twice`, maxPattern-1)
	}
	price := PriceOf(q.Filter)
	price.add(plainCondition, expensivePrice)
	leave, err := r.admit(ctx, price)
	if err != nil {
		return nil, err
	}
	defer leave()
	c := r.filterCompiler(ctx)
	c.owners = func(x string) { r.scope.conditions(c, x) }
	records := fmt.Sprintf("(SELECT t.%s AS value FROM usage_records t WHERE %s LIMIT %d) t", column, c.all(func() {
		r.scope.conditions(c, "t.")
		q.Filter.conditions(c, "t.")
		if q.Prefix != nil {
			textCondition(c, "t."+column, &StringFilter{Like: new(EscapeLike(*q.Prefix) + "%")})
		}
	}), r.totals.Records+1)
	// The number of all records read is in each row, so that one statement answers.
	sql := fmt.Sprintf("SELECT v.value, CAST(v.records AS TEXT), CAST(SUM(v.records) OVER () AS TEXT) FROM (SELECT t.value, COUNT(*) AS records FROM %s GROUP BY t.value) v ORDER BY v.value IS NULL, v.records DESC, v.value LIMIT %d",
		records, page.Limit+1)
	if c.err != nil {
		return nil, c.err
	}
	rows, err := cached(r, c, sql, func() ([][]*string, error) { return texts(ctx, r, c, sql, 3) })
	if err != nil {
		return nil, fmt.Errorf("read the values of %s: %w", column, err)
	}
	list := []*UsageRecordValue{}
	for _, row := range rows {
		all, err := strconv.Atoi(*row[2])
		switch {
		case err != nil:
			return nil, err
		case all > r.totals.Records:
			return nil, LimitErrorf(limitRecords, "usageRecordValues would read more than %d records: filter by eventTime, customer or source", r.totals.Records)
		case row[0] == nil || len(list) == page.Limit:
			return list, nil
		}
		n, err := strconv.ParseInt(*row[1], 10, 64)
		if err != nil {
			return nil, err
		}
		list = append(list, &UsageRecordValue{*row[0], n})
	}
	return list, nil
}
