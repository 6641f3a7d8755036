package stn

import (
	"strings"

	"usagegraph/db"
)

// compile writes the condition as a filter. As in SQL, a record without a value satisfies none but IsNull.
func (c *condition) compile() (*db.UsageSummaryFilter, error) {
	switch f := c.field; {
	case f.kind == listKind:
		return nil, db.Errorf(db.BadInput, "a list cannot be filtered by")
	case c.operator == isNull || c.operator == isNotNull:
		yes, err := parseBoolean(c.values[0])
		return f.known((c.operator == isNotNull) == yes), err
	case c.operator == startsWith || c.operator == endsWith || c.operator == contains || c.operator == like:
		return c.compilePattern()
	case f.kind == booleanKind:
		return c.compileBoolean()
	case f.kind == numberKind:
		numbers, err := parsed(c.values, db.ParseDecimal)
		if err != nil {
			return nil, err
		}
		return f.number((*db.DecimalFilter)(comparison(c.operator, numbers))), nil
	case f.kind == monthKind:
		months, err := parsed(c.values, monthOf)
		if err != nil {
			return nil, err
		}
		return &db.UsageSummaryFilter{YearMonth: (*db.YearMonthFilter)(comparison(c.operator, months))}, nil
	case f.equal != nil && (c.operator == equalTo || c.operator == notEqualTo || c.operator == in):
		return c.compileEqual(), nil
	default:
		return f.text(textFilter(comparison(c.operator, c.values))), nil
	}
}

// known holds for the records that have a value in the field, or for those that have none.
func (f *field) known(yes bool) *db.UsageSummaryFilter {
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

// compileEqual compares by the field's own equality.
func (c *condition) compileEqual() *db.UsageSummaryFilter {
	either := make([]*db.UsageSummaryFilter, len(c.values))
	for i, v := range c.values {
		either[i] = c.field.equal(v)
	}
	switch c.operator {
	case equalTo:
		return either[0]
	case notEqualTo:
		return &db.UsageSummaryFilter{And: []*db.UsageSummaryFilter{c.field.known(true)}, Not: either[0]}
	}
	return &db.UsageSummaryFilter{Or: either}
}

func (c *condition) compileBoolean() (*db.UsageSummaryFilter, error) {
	values, err := parsed(c.values, parseBoolean)
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
	return nil, db.Errorf(db.BadInput, "yes and no have no order: use In or NotEqualTo")
}

// wildcards are what a piece of text is written without where it is part of a pattern.
var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// compilePattern compares text regardless of case; that of a month is as clients see it, 2025_01.
func (c *condition) compilePattern() (*db.UsageSummaryFilter, error) {
	f, pattern := c.field, c.values[0]
	if f.text == nil {
		return nil, db.Errorf(db.BadInput, "only text has parts that can be compared")
	}
	if c.operator != like {
		pattern = wildcards.Replace(pattern)
	}
	if trailing := len(pattern) - len(strings.TrimRight(pattern, `\`)); trailing%2 == 1 {
		return nil, db.Errorf(db.BadInput, `the pattern ends with a \ that has nothing to escape`)
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

// comparison compares with values, of which there are as many as the operator takes.
func comparison[T any](o operator, values []T) *db.Compare[T] {
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

func parsed[T any](texts []string, parse func(string) (T, error)) ([]T, error) {
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
