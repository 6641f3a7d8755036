package db

// usageSummaryOrders returns the columns that usage summaries can be ordered by: first those of GraphQL, then those
// that only the endpoint of sTN has. The name of a bucket's amount begins with the bucket's source id, as in "HomeVoice
// USED".
func usageSummaryOrders() map[UsageSummaryOrderField]column {
	orders := map[UsageSummaryOrderField]column{
		"CREATED":      {name: "id", kind: longColumn},
		"YEAR_MONTH":   {name: "year_month", kind: textColumn},
		"SOURCE_ID":    {name: "source_id", kind: textColumn},
		"PHONE_NUMBER": {name: "phone_number", kind: textColumn, nullable: true},
		"TOTAL":        {name: "total_amount", kind: decimalColumn, nullable: true},

		"PREMIUM":                {name: "premium_amount", kind: decimalColumn, nullable: true},
		"INTERNATIONAL":          {name: "international_amount", kind: decimalColumn, nullable: true},
		"PROVIDER_GROUP":         {name: "provider_group", kind: textColumn, nullable: true},
		"IS_GROUP_SIM":           {name: "is_group_sim", kind: longColumn, nullable: true},
		"SOURCE_CUSTOMER_ID":     {name: "source_customer_id", kind: textColumn, nullable: true},
		"SOURCE_SUBSCRIPTION_ID": {name: "source_subscription_id", kind: textColumn, nullable: true},
	}
	for _, zone := range []string{"Home", "Eu", "World"} {
		for _, service := range []string{"Voice", "Data", "Sms"} {
			for amount, name := range map[string]string{"TOTAL": "total", "USED": "used", "CHARGED": "charged_amount"} {
				orders[UsageSummaryOrderField(zone+service+" "+amount)] = column{name: name, kind: decimalColumn, nullable: true, expression: "(SELECT b." + name +
					" FROM buckets b WHERE b.customer_id = {t}customer_id AND b.summary_id = {t}id AND b.source_id = '" + zone + service + "')"}
			}
		}
	}
	return orders
}
