package stn

import (
	"strings"

	"usagegraph/db"
)

// toFilter returns the condition as a filter of the store. As in SQL, a record without a value matches only IsNull.
func (c *condition) toFilter() (*db.UsageSummaryFilter, error) {
	switch f := c.field; {
	case f.kind == listKind:
		return nil, db.Errorf(db.BadInput, "cannot filter by a list")
	case c.operator == isNull || c.operator == isNotNull:
		yes, err := parseBoolean(c.values[0])
		return f.hasValue((c.operator == isNotNull) == yes), err
	case c.operator == startsWith || c.operator == endsWith || c.operator == contains || c.operator == like:
		return c.patternFilter()
	case f.kind == booleanKind:
		return c.booleanFilter()
	case f.kind == numberKind:
		numbers, err := parseAll(c.values, db.ParseDecimal)
		if err != nil {
			return nil, err
		}
		return f.number((*db.DecimalFilter)(compareWith(c.operator, numbers))), nil
	case f.kind == monthKind:
		months, err := parseAll(c.values, parseMonth)
		if err != nil {
			return nil, err
		}
		return &db.UsageSummaryFilter{YearMonth: (*db.YearMonthFilter)(compareWith(c.operator, months))}, nil
	case f.equal != nil && (c.operator == equalTo || c.operator == notEqualTo || c.operator == in):
		return c.equalityFilter(), nil
	default:
		return f.text(textFilter(compareWith(c.operator, c.values))), nil
	}
}

// hasValue returns a filter for the records with a value in the field, or with yes false, without one.
func (f *field) hasValue(yes bool) *db.UsageSummaryFilter {
	null := false
	var has *db.UsageSummaryFilter
	switch f.kind {
	case numberKind:
		has = f.number(&db.DecimalFilter{IsNull: &null})
	case monthKind:
		has = &db.UsageSummaryFilter{YearMonth: &db.YearMonthFilter{IsNull: &null}}
	case booleanKind:
		has = &db.UsageSummaryFilter{IsGroupSim: &db.BooleanFilter{IsNull: &null}}
	default:
		has = f.text(&db.StringFilter{IsNull: &null})
	}
	if yes {
		return has
	}
	return &db.UsageSummaryFilter{Not: has}
}

// equalityFilter returns the filter of a condition on a field with its own equality.
func (c *condition) equalityFilter() *db.UsageSummaryFilter {
	either := make([]*db.UsageSummaryFilter, len(c.values))
	for i, v := range c.values {
		either[i] = c.field.equal(v)
	}
	switch c.operator {
	case equalTo:
		return either[0]
	case notEqualTo:
		return &db.UsageSummaryFilter{And: []*db.UsageSummaryFilter{c.field.hasValue(true)}, Not: either[0]}
	}
	return &db.UsageSummaryFilter{Or: either}
}

// booleanFilter returns the filter of a condition on a boolean field.
func (c *condition) booleanFilter() (*db.UsageSummaryFilter, error) {
	values, err := parseAll(c.values, parseBoolean)
	if err != nil {
		return nil, err
	}
	var either []*db.UsageSummaryFilter
	for _, v := range values {
		v = v != (c.operator == notEqualTo)
		either = append(either, &db.UsageSummaryFilter{IsGroupSim: &db.BooleanFilter{Eq: &v}})
	}
	switch c.operator {
	case equalTo, notEqualTo, in:
		return &db.UsageSummaryFilter{Or: either}, nil
	}
	return nil, db.Errorf(db.BadInput, "true and false have no order: use In or NotEqualTo")
}

// patternFilter returns the filter of a condition with a LIKE pattern, which ignores case. A month is matched as
// 2025_01.
func (c *condition) patternFilter() (*db.UsageSummaryFilter, error) {
	f, pattern := c.field, c.values[0]
	if f.text == nil {
		return nil, db.Errorf(db.BadInput, "want a text field for StartsWith, EndsWith, Contains and Like")
	}
	if c.operator != like {
		pattern = db.EscapeLike(pattern)
	}
	if trailing := len(pattern) - len(strings.TrimRight(pattern, `\`)); trailing%2 == 1 {
		return nil, db.Errorf(db.BadInput, `the pattern ends with a \ that escapes nothing`)
	}
	if f.kind == monthKind {
		pattern = strings.NewReplacer(`\\`, `\\`, `\_`, "-").Replace(pattern)
	}
	switch c.operator {
	case startsWith:
		pattern += "%"
	case endsWith:
		pattern = "%" + pattern
	case contains:
		pattern = "%" + pattern + "%"
	}
	return f.text(&db.StringFilter{Like: &pattern}), nil
}

// compareWith returns the comparison of an operator with its values.
func compareWith[T any](o operator, values []T) *db.Compare[T] {
	first, null := &values[0], false
	switch o {
	case notEqualTo:
		return &db.Compare[T]{Ne: first, IsNull: &null}
	case in:
		return &db.Compare[T]{In: values}
	case between:
		return &db.Compare[T]{Gte: first, Lte: &values[1]}
	case greaterThan:
		return &db.Compare[T]{Gt: first}
	case greaterThanOrEqualTo:
		return &db.Compare[T]{Gte: first}
	case lessThan:
		return &db.Compare[T]{Lt: first}
	case lessThanOrEqualTo:
		return &db.Compare[T]{Lte: first}
	}
	return &db.Compare[T]{Eq: first}
}

func textFilter(c *db.Compare[string]) *db.StringFilter {
	return &db.StringFilter{Eq: c.Eq, Ne: c.Ne, In: c.In, Gt: c.Gt, Gte: c.Gte, Lt: c.Lt, Lte: c.Lte, IsNull: c.IsNull}
}

// parseAll parses texts, without the spaces around them.
func parseAll[T any](texts []string, parse func(string) (T, error)) ([]T, error) {
	values := make([]T, len(texts))
	for i, text := range texts {
		var err error
		if values[i], err = parse(strings.TrimSpace(text)); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func parseBoolean(text string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, db.Errorf(db.BadInput, "want true or false")
}
