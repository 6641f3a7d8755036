package stn

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"usagegraph/db"
)

// sum is a function of a field over all records that the conditions leave.
type sum struct {
	// written is the call as the client wrote it, but for spaces; it names the value unless an alias does.
	written, alias string
	function       db.Function
	distinct       bool
	// field is nil where the records themselves are counted.
	field *field
}

var (
	// function is the beginning of a member of include that is a function.
	function = regexp.MustCompile(`(?i)^(SUM|AVG|MIN|MAX|COUNT)(?:[\s(]|$)`)
	// call is a function whole: without brackets its argument is *.
	call = regexp.MustCompile(`(?i)^(SUM|AVG|MIN|MAX|COUNT)(?:\s*\(\s*(DISTINCT\s+)?([a-z]+|\*)\s*\))?(?:\s+(?:as\s+)?([a-z_][a-z0-9_]*))?$`)
)

// parseInclude reads what to say besides the records. Commands that are no functions are passed over. Total tells whether
// the number of records is asked for: by the command Total, or by their count.
func parseInclude(text string) (sums []sum, total bool, err error) {
	for _, member := range split(text) {
		if !function.MatchString(member) {
			total = total || strings.EqualFold(member, "Total")
			continue
		}
		s, err := parseSum(member)
		if err != nil {
			return nil, false, err
		}
		total = total || s.field == nil
		if slices.ContainsFunc(sums, func(other sum) bool { return strings.EqualFold(other.name(), s.name()) }) {
			continue
		}
		if sums = append(sums, s); len(sums) > maxSums {
			return nil, false, errors.New("want at most 100 functions")
		}
	}
	return sums, total, nil
}

// parseSum reads a function.
func parseSum(text string) (sum, error) {
	parts := call.FindStringSubmatch(text)
	if parts == nil {
		return sum{}, errors.New("want a function such as COUNT, SUM(usageHomeData) or COUNT(DISTINCT customerId) as Customers")
	}
	s := sum{written: parts[1], function: db.Function(strings.ToUpper(parts[1])), distinct: parts[2] != "", alias: parts[4]}
	argument := parts[3]
	if argument != "" {
		s.written += "(" + strings.Join(append(strings.Fields(parts[2]), argument), " ") + ")"
	}
	if argument == "" || argument == "*" {
		if s.function != db.CountOf || s.distinct {
			return sum{}, errors.New("this function wants a field of the answer, such as usageHomeData")
		}
		return s, nil
	}
	if s.field = answered(argument); s.field == nil {
		return sum{}, errors.New("want functions of fields of the answer, such as SUM(usageHomeData)")
	}
	if !s.possible() {
		return sum{}, errors.New("this function is not for this field")
	}
	return s, nil
}

// maxSums is how many functions one answer computes.
const maxSums = 100

// possible tells whether the field has values that the function takes.
func (s sum) possible() bool {
	switch s.function {
	case db.Sum, db.Average:
		return s.field.kind == numberKind
	case db.Minimum, db.Maximum:
		return s.field.order != "" && s.field.kind != booleanKind
	}
	return s.field.order != ""
}

// name is what the value is called in the answer.
func (s sum) name() string {
	if s.alias != "" {
		return s.alias
	}
	return s.written
}

func (s sum) String() string {
	if s.alias != "" {
		return s.written + " as " + s.alias
	}
	return s.written
}

// aggregate is the function as db has it; the count of ids is that of the records.
func (s sum) aggregate() db.Aggregate[db.UsageSummaryOrderField] {
	if s.field == nil {
		return records
	}
	return db.Aggregate[db.UsageSummaryOrderField]{Function: s.function, Field: s.field.order, Distinct: s.distinct}
}

// records counts the records.
var records = db.Aggregate[db.UsageSummaryOrderField]{Function: db.CountOf, Field: "CREATED"}

// shown returns a function's value as the field is shown.
func (s sum) shown(value string) string {
	if s.function != db.Minimum && s.function != db.Maximum {
		return value
	}
	return s.field.shown(value)
}
