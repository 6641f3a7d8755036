package floor

import (
	"bytes"
	"database/sql"
	"net/http"
	"slices"
)

const pageOfSummaries = `(SELECT s.*, COUNT(*) OVER () AS n FROM usage_summaries s WHERE s.source = 'STN' AND s.source_customer_id = $1
	AND s.customer_id = (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = 'STN' AND i.value = $1) ORDER BY s.id LIMIT 50) s`

// summaries is the question for sTN's summaries with their lines, and their allowances beside.
var summaries = question{
	statement: `SELECT s.n, s.id, s.source_id, s.source_subscription_id, s.phone_number, REPLACE(s.year_month, '-', '_'),
			s.source_customer_id, s.provider_group, s.premium_amount, s.is_group_sim, s.total_amount, s.international_amount,
			l.position, l.type, l.code, l.description, l.sort_order, l.quantity, l.volume, l.volume_text, l.amount, l.ref_id, l.rate_class_id
		FROM ` + pageOfSummaries + `
		LEFT JOIN LATERAL (SELECT * FROM usage_summary_lines l WHERE l.customer_id = s.customer_id AND l.summary_id = s.id ORDER BY l.position) l ON TRUE
		ORDER BY s.id, l.position`,
	beside: `SELECT b.summary_id, b.source_id, b.total, b.used, b.charged_amount FROM ` + pageOfSummaries + `
		JOIN LATERAL (SELECT * FROM buckets b WHERE b.customer_id = s.customer_id AND b.summary_id = s.id ORDER BY b.id) b ON TRUE`,
	take: allowances,
	layout: layout{"", []level{
		{"a", `{"offset":0,"total":#a,"results":[`, "]}"},
		{"b", `{"id":$c,"subscriptionId":$d<,"phoneNumber":!e|>,"yearMonth":$f,"customerId":$g<,"providerGroup":$h|>!a` +
			`<,"amountPremium":#i|><,"isGroupSim":#j|><,"amountTotalUsage":#k|><,"amountInternationalTotal":#l|>!b,"usageDetails":[`, "]}"},
		{"m", `{"invoiceLineType":$n,"invoiceLineCode":$o<,"description":$p|><,"sortOrder":#q|><,"quantity":#r|><,"volume":#s|>` +
			`<,"volumeStr":$t|><,"amount":#u|><,"refId":#v|><,"rateClassId":$w|>}`, ""},
	}, "\n"},
}

// allowance holds the amounts of a bucket; nil is none.
type allowance struct{ total, used, charged []byte }

// services are the zones and services of a summary, in the order of its members.
var services = []string{"HomeVoice", "HomeData", "HomeSms", "EuVoice", "EuData", "EuSms", "WorldVoice", "WorldData", "WorldSms"}

// allowances reads the buckets of summaries. The splice of column 0 has the bundles and usages of a summary, that of
// column 1 its amounts, and that of the phone number masks it.
func allowances(_ http.ResponseWriter, rows *sql.Rows) (splice, error) {
	of := map[string]*[9]allowance{} // by summary
	for rows.Next() {
		var id, service sql.RawBytes
		var a allowance
		if err := rows.Scan(&id, &service, &a.total, &a.used, &a.charged); err != nil {
			return nil, err
		}
		list := of[string(id)]
		if list == nil {
			list = &[9]allowance{}
			of[string(id)] = list
		}
		if at := slices.Index(services, string(service)); at >= 0 {
			list[at] = a
		}
	}
	return func(b []byte, row []sql.RawBytes, column int) []byte {
		list := of[string(row[1])]
		switch {
		case column > 1:
			return appendMasked(b, row[column])
		case list == nil:
			return b
		}
		for i, a := range list {
			if column == 0 {
				b = appendNumber(b, "quantityInBundle", services[i], a.total)
				b = appendNumber(b, "usage", services[i], a.used)
			} else {
				b = appendNumber(b, "amount", services[i], a.charged)
			}
		}
		return b
	}, rows.Err()
}

// appendNumber appends a member with a number, if there is one.
func appendNumber(b []byte, name, service string, value []byte) []byte {
	if value == nil {
		return b
	}
	b = append(append(append(b, `,"`...), name...), service...)
	return append(append(b, `":`...), value...)
}

// appendMasked appends a phone number with a star for each digit but the last four.
func appendMasked(b, number []byte) []byte {
	digits := max(len(number)-len("+1234"), 0)
	b = append(append(b, '"', '+'), bytes.Repeat([]byte("*"), digits)...)
	return append(append(b, number[1+digits:]...), '"')
}
