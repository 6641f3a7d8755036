package db

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// maxDialledPrefix is the maximum number of digits of a number before those that are dialled within its country: the
// country code, and a trunk prefix that is a part of the number, as in Italy.
const maxDialledPrefix = 4

// like returns the condition that a column matches a pattern around one of the texts, which are not patterns.
func (c *compiler) like(column, before, after string, texts []string) string {
	either := make([]string, len(texts))
	for i, text := range texts {
		either[i] = c.all(func() { textCondition(c, column, &StringFilter{Like: new(before + EscapeLike(text) + after)}) })
	}
	return "(" + strings.Join(either, " OR ") + ")"
}

// The ranks of matches.
const (
	rankEqual = iota
	rankMayBeDialled
	rankPrefix
	rankPart
)

// rank returns an expression for the rank of a column that contains one of the texts. dialled is the condition of
// rankMayBeDialled.
func (c *compiler) rank(column, dialled string, texts ...string) string {
	return fmt.Sprintf("CASE WHEN %s THEN %d WHEN %s THEN %d WHEN %s THEN %d ELSE %d END", c.like(column, "", "", texts), rankEqual,
		dialled, rankMayBeDialled, c.like(column, "", "%", texts), rankPrefix, rankPart)
}

// mayBeDialled returns the condition that an identifier is a number with a country code that ends with the digits.
func (c *compiler) mayBeDialled(t string, numbers []string) string {
	either := []string{"FALSE"}
	for _, digits := range numbers {
		either = append(either, c.like(t+"value", "%", "", []string{digits})+fmt.Sprintf(" AND LENGTH(%svalue) <= %d", t, len(digits)+maxDialledPrefix))
	}
	return t + "kind = 'MSISDN' AND " + t + "source = '' AND (" + strings.Join(either, " OR ") + ")"
}

// dialledRank returns the rank of a number for which mayBeDialled holds.
func dialledRank(text, value string, numbers []string) int64 {
	switch {
	case isDialledAs(text, value):
		return rankEqual
	case slices.ContainsFunc(numbers, func(digits string) bool { return strings.HasPrefix(value, digits) }):
		return rankPrefix
	}
	return rankPart
}

// isDialledAs reports whether a text is a number with a country code, given as its digits, as it is dialled within the
// country.
func isDialledAs(text, value string) bool {
	number, err := phonenumbers.Parse("+"+value, "")
	if err != nil {
		return false
	}
	dialled, err := phonenumbers.Parse(withoutScheme(plainText(text)), phonenumbers.GetRegionCodeForCountryCode(int(number.GetCountryCode())))
	return err == nil && phonenumbers.Format(dialled, phonenumbers.E164) == "+"+value
}
