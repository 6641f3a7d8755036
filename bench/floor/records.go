package floor

import (
	"database/sql"
	"net/http"
)

// questions are the questions by name. "Q4.one" is Q4 for the records of one customer.
var questions = map[string]question{
	"Q1":     customers,
	"Q2":     subscription,
	"Q3":     records("u.customer_id = $1::bigint AND u.event_time >= $2::timestamptz AND u.event_time < $3::timestamptz", `{"data":{"node":{"usageRecords":{"nodes":[`, `]}}}}`),
	"Q4":     records("(u.event_time, u.id) < ($1::timestamptz, $2::bigint)", `{"data":{"usageRecords":{"nodes":[`, `]}}}`),
	"Q4.one": records("(u.event_time, u.id) < ($1::timestamptz, $2::bigint) AND u.customer_id = $3::bigint", `{"data":{"usageRecords":{"nodes":[`, `]}}}`),
	"Q5":     usages("u.source = 'BRM'"),
	"Q5.one": usages("u.source = 'BRM' AND u.customer_id = $4::bigint"),
	"Q6":     summaries,
	"T1":     typesOfCustomer,
	"T2":     daysOfCustomer,
	"T3":     typesOfCustomers,
	"T4":     daysAndTypes,
	"T5":     types,
	"T6":     days,
	"T7":     largestCustomers,
}

var customers = question{
	statement: `SELECT c.customer_id, c.source_id, c.name, s.id, s.source_id, s.phone_number, u.id, u.source_id, u.event_time,
			u.usage_type, u.destination, u.call_class, p.position, p.tax_excluded_amount, p.currency
		FROM customers c
		LEFT JOIN LATERAL (SELECT * FROM subscriptions s WHERE s.customer_id = c.customer_id ORDER BY s.id LIMIT 3) s ON TRUE
		LEFT JOIN LATERAL (SELECT * FROM usage_records u WHERE u.customer_id = s.customer_id AND u.subscription_id = s.id
			ORDER BY u.event_time DESC, u.id DESC LIMIT 10) u ON TRUE
		LEFT JOIN LATERAL (SELECT * FROM rated_usages p WHERE p.customer_id = u.customer_id AND p.usage_id = u.id ORDER BY p.position) p ON TRUE
		WHERE c.customer_id = ANY ($1::bigint[])
		ORDER BY c.customer_id, s.id, u.event_time DESC, u.id DESC, p.position`,
	layout: layout{`{"data":{"nodes":[`, []level{
		{"a", `{"sourceId":$b,"name":$c,"subscriptions":{"nodes":[`, `]}}`},
		{"d", `{"sourceId":$e,"phoneNumber":$f,"usageRecords":{"nodes":[`, `]}}`},
		{"g", `{"sourceId":$h,"eventTime":$i,"usageType":$j,"destination":$k,"callClass":$l,"rated":[`, `]}`},
		{"m", `{"taxExcluded":<{"amount":$n,"currency":$o}|null>}`, ""},
	}, `]}}`},
}

var subscription = question{
	statement: `SELECT s.source_id, s.phone_number, b.id, b.source_id, b.name, b.usage_type, b.total, b.used, b.valid_from, b.valid_to,
			x.position, x.remaining, x.valid_from, x.valid_to, x.is_current
		FROM subscriptions s
		LEFT JOIN LATERAL (SELECT * FROM buckets b WHERE b.customer_id = s.customer_id AND b.subscription_id = s.id
			ORDER BY b.effective_at DESC, b.id LIMIT 5) b ON TRUE
		LEFT JOIN LATERAL (SELECT * FROM bucket_balances x WHERE x.customer_id = b.customer_id AND x.bucket_id = b.id ORDER BY x.position) x ON TRUE
		WHERE s.customer_id = $1::bigint AND s.id = $2::bigint ORDER BY b.effective_at DESC, b.id, x.position`,
	layout: layout{`{"data":{"node":`, []level{
		{"a", `{"sourceId":$a,"phoneNumber":$b,"buckets":{"nodes":[`, `]}}`},
		{"c", `{"sourceId":$d,"name":$e,"usageType":$f,"total":<{"amount":$g}|null>,"used":<{"amount":$h}|null>,"validFor":<{"start":$i,"end":$j}|null>,"balances":[`, `]}`},
		{"k", `{"remaining":<{"amount":$l}|null>,"validFor":<{"start":$m,"end":$n}|null>,"isCurrent":#o}`, ""},
	}, `}}`},
}

// records returns the question for a page of 1,000 records.
func records(condition, before, after string) question {
	return question{
		statement: `SELECT u.source_id, u.event_time, u.usage_type, u.destination, u.call_class, u.time_band, u.file_name
			FROM usage_records u WHERE ` + condition + ` ORDER BY u.event_time DESC, u.id DESC LIMIT 1000`,
		layout: layout{before, []level{
			{"", `{"sourceId":$a,"eventTime":$b,"usageType":$c,"destination":$d,"callClass":$e,"timeBand":$f,"fileName":$g}`, ""},
		}, after},
	}
}

// usages returns the question for a page of brm's usages. All generated documents have the offset -04:00.
func usages(condition string) question {
	condition += " AND u.event_time >= $1::timestamptz AND u.event_time < $2::timestamptz"
	return question{
		statement: `SELECT u.id, u.source_id, u.event_time - INTERVAL '4 hours', u.usage_type_name, initcap(u.status), u.specification,
				u.characteristics, u.related_parties, p.position, p.rated_at - INTERVAL '4 hours', p.tag, p.is_billed, p.rating_amount_type,
				p.currency, p.tax_excluded_amount, p.tax_included_amount, p.tax_rate, p.is_tax_exempt, p.offer_tariff_type,
				p.bucket_value_converted, p.product
			FROM (SELECT * FROM usage_records u WHERE ` + condition + ` ORDER BY u.id LIMIT $3::bigint) u
			LEFT JOIN LATERAL (SELECT * FROM rated_usages p WHERE p.customer_id = u.customer_id AND p.usage_id = u.id ORDER BY p.position) p ON TRUE
			ORDER BY u.id, p.position`,
		beside: "SELECT COUNT(*) FROM usage_records u WHERE $3::bigint > 0 AND " + condition,
		take: func(w http.ResponseWriter, rows *sql.Rows) (splice, error) {
			var total string
			rows.Next()
			err := rows.Scan(&total)
			w.Header().Set("X-Total-Count", total)
			return nil, err
		},
		layout: layout{`[`, []level{
			{"a", `{"@baseType":"Usage","@schemaLocation":null,"@type":"Usage","id":$b,"href":"http://^/brm/usageManagement/v4/usage/#b",` +
				`"date":"~c-04:00","type":$d,"status":$e,"usageSpecification":#f,"usageCharacteristic":#g,"relatedParty":#h,"ratedProductUsage":[`, `]}`},
			{"i", `{"@baseType":null,"@schemaLocation":null,"@type":null,"ratingDate":"~j-04:00","usageRatingTag":$k,"isBilled":#l,` +
				`"ratingAmountType":$m,"taxExcludedAmount":<{"unit":$n,"value":#o}|null>,"taxIncludedAmount":<{"unit":$n,"value":#p}|null>,` +
				`"taxRate":#q,"isTaxExempt":#r,"offerTariffType":$s,"bucketValueConvertedInAmount":#t,"productRef":#u}`, ""},
		}, "]\n"},
	}
}
