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
	// written is the call as the client wrote it, which names the value unless an alias does.
	written, alias string
	function       db.Function
	// field is nil where the records themselves are counted.
	field *field
}

// call is a member of include that is a function.
var call = regexp.MustCompile(`(?i)^(SUM|AVG|MIN|MAX|COUNT)\(\s*([a-z]+|\*)\s*\)(?:\s+as\s+([a-z_][a-z0-9_]*))?$`)

// parseInclude reads what to say besides the records. Members that it does not know are passed over, and so is Total:
// the total is always there.
func parseInclude(text string) ([]sum, error) {
	var sums []sum
	for _, member := range split(text) {
		parts := call.FindStringSubmatch(member)
		if parts == nil {
			continue
		}
		s := sum{written: parts[1] + "(" + parts[2] + ")", alias: parts[3], function: db.Function(strings.ToUpper(parts[1]))}
		s.field = answered(parts[2])
		if s.field == nil && (s.function != db.CountOf || parts[2] != "*") {
			continue
		}
		if s.field != nil && !s.possible() {
			return nil, errors.New("this function is not for this field")
		}
		if slices.ContainsFunc(sums, func(other sum) bool { return other.name() == s.name() }) {
			continue
		}
		if sums = append(sums, s); len(sums) > maxSums {
			return nil, errors.New("want at most 100 functions")
		}
	}
	return sums, nil
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
	return db.Aggregate[db.UsageSummaryOrderField]{Function: s.function, Field: s.field.order}
}

// records counts the records.
var records = db.Aggregate[db.UsageSummaryOrderField]{Function: db.CountOf, Field: "CREATED"}

// shown returns a function's value as the field is shown.
func (s sum) shown(value string) string {
	if s.function != db.Minimum && s.function != db.Maximum {
		return value
	}
	switch {
	case s.field.name == "phoneNumber":
		return masked(value)
	case s.field.kind == monthKind:
		return shownMonth(db.YearMonth(value))
	}
	return value
}
