package stn

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"usagegraph/db"
)

// aggregateCall is an aggregate function of a field over all filtered records.
type aggregateCall struct {
	// text is the call as the client wrote it, without spaces in the brackets. It is the key of the result without an
	// alias.
	text, alias string
	function    db.Function
	distinct    bool
	// field is nil for a count of records.
	field *field
}

var (
	// functionPattern matches the beginning of a member of include that is a function.
	functionPattern = regexp.MustCompile(`(?i)^(SUM|AVG|MIN|MAX|COUNT)(?:[\s(]|$)`)
	// callPattern matches a whole call. Without brackets the argument is *.
	callPattern = regexp.MustCompile(`(?i)^(SUM|AVG|MIN|MAX|COUNT)(?:\s*\(\s*(DISTINCT\s+)?([a-z]+|\*)\s*\))?(?:\s+(?:as\s+)?([a-z_][a-z0-9_]*))?$`)
)

// parseInclude parses the parameter include. Commands that are not functions are ignored. total reports whether it has
// the command Total or a count of records.
func parseInclude(text string) (aggregates []aggregateCall, total bool, err error) {
	for _, member := range splitList(text) {
		if !functionPattern.MatchString(member) {
			total = total || strings.EqualFold(member, "Total")
			continue
		}
		s, err := parseAggregate(member)
		if err != nil {
			return nil, false, err
		}
		total = total || s.field == nil
		if slices.ContainsFunc(aggregates, func(other aggregateCall) bool { return strings.EqualFold(other.name(), s.name()) }) {
			continue
		}
		if aggregates = append(aggregates, s); len(aggregates) > maxAggregates {
			return nil, false, errors.New("want at most 100 functions")
		}
	}
	return aggregates, total, nil
}

// parseAggregate parses a call of an aggregate function.
func parseAggregate(text string) (aggregateCall, error) {
	parts := callPattern.FindStringSubmatch(text)
	if parts == nil {
		return aggregateCall{}, errors.New("want a function such as COUNT, SUM(usageHomeData) or COUNT(DISTINCT customerId) as Customers")
	}
	s := aggregateCall{text: parts[1], function: db.Function(strings.ToUpper(parts[1])), distinct: parts[2] != "", alias: parts[4]}
	argument := parts[3]
	if argument != "" {
		s.text += "(" + strings.Join(append(strings.Fields(parts[2]), argument), " ") + ")"
	}
	if argument == "" || argument == "*" {
		if s.function != db.CountOf || s.distinct {
			return aggregateCall{}, errors.New("want a field of the response as the argument, such as usageHomeData")
		}
		return s, nil
	}
	if s.field = responseField(argument); s.field == nil {
		return aggregateCall{}, errors.New("want a function of a field of the response, such as SUM(usageHomeData)")
	}
	if !s.applicable() {
		return aggregateCall{}, errors.New("the function does not apply to this field")
	}
	return s, nil
}

// maxAggregates is the maximum number of functions in a request.
const maxAggregates = 100

// applicable reports whether the function applies to the field.
func (s aggregateCall) applicable() bool {
	switch s.function {
	case db.Sum, db.Average:
		return s.field.kind == numberKind
	case db.Minimum, db.Maximum:
		return s.field.order != "" && s.field.kind != booleanKind
	}
	return s.field.order != ""
}

// name returns the key of the result in meta.
func (s aggregateCall) name() string {
	if s.alias != "" {
		return s.alias
	}
	return s.text
}

// String returns the call as a member of include.
func (s aggregateCall) String() string {
	if s.alias != "" {
		return s.text + " as " + s.alias
	}
	return s.text
}

// aggregate returns the call as an aggregate of db.
func (s aggregateCall) aggregate() db.Aggregate[db.UsageSummaryOrderField] {
	if s.field == nil {
		return recordCount
	}
	return db.Aggregate[db.UsageSummaryOrderField]{Function: s.function, Field: s.field.order, Distinct: s.distinct}
}

// recordCount counts the records.
var recordCount = db.Aggregate[db.UsageSummaryOrderField]{Function: db.CountOf, Field: "CREATED"}

// format converts the result of the function to the format of a response.
func (s aggregateCall) format(value string) string {
	if s.function != db.Minimum && s.function != db.Maximum {
		return value
	}
	return s.field.format(value)
}
