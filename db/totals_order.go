package db

import (
	"fmt"
	"hash/fnv"
	"strconv"
)

// checkTotalsOrder returns a BadInput error for a sort key that is in seen, and for one whose currency is invalid, missing
// or unexpected. It adds the key to seen.
func checkTotalsOrder(seen map[string]bool, field string, currency *string, money bool) error {
	name := field
	if currency != nil {
		name += *currency
	}
	switch {
	case seen[name]:
		return Errorf(BadInput, "orderBy: %s is repeated", field)
	case money && currency == nil:
		return Errorf(BadInput, "orderBy: %s is ordered within one currency; give currency", field)
	case !money && currency != nil:
		return Errorf(BadInput, "orderBy: %s has no currency; omit currency", field)
	}
	seen[name] = true
	if money {
		return checkCurrency("orderBy", *currency)
	}
	return nil
}

func checkCurrency(argument, code string) error {
	if len(code) != 3 || CurrencyCode(code) != code {
		return Errorf(BadInput, "%s: currency: want an ISO 4217 code, such as EUR", argument)
	}
	return nil
}

// readTotalsCursor returns the signature of a question, and the values of the page's cursor in an order; nil without a
// cursor.
func readTotalsCursor(question string, p Page, order []sortKey) (sign string, after []any, err error) {
	hash := fnv.New64a()
	fmt.Fprint(hash, question)
	sign = strconv.FormatUint(hash.Sum64(), 36)
	if p.After == "" {
		return sign, nil, nil
	}
	columns := make([]column, len(order))
	for i, k := range order {
		columns[i] = k.column
	}
	after, err = decodeCursor("after", p.After, sign, columns)
	return sign, after, err
}
