package floor

// The period of totals is given by its first day and the day after its last, in UTC or in the zone of local days.
const (
	inUTC    = "u.event_time >= $1::date::timestamp AT TIME ZONE 'UTC' AND u.event_time < $2::date::timestamp AT TIME ZONE 'UTC'"
	inZone   = "u.event_time >= $1::date::timestamp AT TIME ZONE 'Europe/Amsterdam' AND u.event_time < $2::date::timestamp AT TIME ZONE 'Europe/Amsterdam'"
	localDay = "(u.event_time AT TIME ZONE 'Europe/Amsterdam')::date::text"
)

// aggregates are the numbers of a group, and numbers is the layout of the columns x, y and z that they are in.
const (
	aggregates = " COUNT(*) AS n, COALESCE(trim_scale(SUM(u.data_quantity)), 0) AS data, COALESCE(trim_scale(SUM(u.duration_quantity)), 0) AS duration FROM usage_records u WHERE "
	numbers    = `"records":#x,"data":{"sum":$y},"duration":{"sum":$z}}`
)

// totals returns a question whose rows are groups. keys is the layout of what identifies a group.
func totals(statement, before, keys, after string) question {
	return question{statement: statement, layout: layout{before, []level{{"", "{" + keys + numbers, ""}}, after}}
}

var typesOfCustomer = totals("SELECT u.usage_type,"+aggregates+inUTC+" AND u.customer_id = $3::bigint GROUP BY 1 ORDER BY 1",
	`{"data":{"node":{"usageTotals":{"nodes":[`, `"key":{"usageType":$a},`, `]}}}}`)

var daysOfCustomer = totals(`SELECT d.day::date::text, COALESCE(t.n, 0), COALESCE(t.data, 0), COALESCE(t.duration, 0)
	FROM generate_series($1::date, $2::date - 1, INTERVAL '1 day') d(day)
	LEFT JOIN (SELECT `+localDay+" AS day,"+aggregates+inZone+" AND u.customer_id = $3::bigint GROUP BY 1) t ON t.day = d.day::date::text ORDER BY 1",
	`{"data":{"node":{"usageTotals":{"nodes":[`, `"window":{"date":$a},`, `]}}}}`)

var typesOfCustomers = question{
	statement: `SELECT c.customer_id, c.source_id, t.usage_type, t.n, t.data, t.duration FROM customers c
		LEFT JOIN (SELECT u.customer_id, u.usage_type,` + aggregates + inUTC + ` AND u.customer_id = ANY ($3::bigint[]) GROUP BY 1, 2) t USING (customer_id)
		WHERE c.customer_id = ANY ($3::bigint[]) ORDER BY 1, 3`,
	layout: layout{`{"data":{"nodes":[`, []level{
		{"a", `{"sourceId":$b,"usageTotals":{"nodes":[`, "]}}"},
		{"c", `{"key":{"usageType":$c},` + numbers, ""},
	}, `]}}`},
}

var daysAndTypes = totals("SELECT "+localDay+", u.usage_type,"+aggregates+inZone+" GROUP BY 1, 2 ORDER BY 1, 2",
	`{"data":{"usageTotals":{"nodes":[`, `"window":{"date":$a},"key":{"usageType":$b},`, `]}}}`)

var types = totals("SELECT u.usage_type,"+aggregates+inUTC+" GROUP BY 1 ORDER BY 1",
	`{"data":{"usageTotals":{"nodes":[`, `"key":{"usageType":$a},`, `]}}}`)

var days = totals("SELECT "+localDay+","+aggregates+inZone+" GROUP BY 1 ORDER BY 1",
	`{"data":{"usageTotals":{"nodes":[`, `"window":{"date":$a},`, `]}}}`)

var largestCustomers = totals(`SELECT c.source_id, t.n, t.data, t.duration FROM (SELECT u.customer_id,`+aggregates+inUTC+`
		GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10) t LEFT JOIN customers c USING (customer_id) ORDER BY t.n DESC, t.customer_id`,
	`{"data":{"usageTotals":{"nodes":[`, `"key":{"customer":<{"sourceId":$a}|null>},`, `]}}}`)
