package stn

import (
	"strconv"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
)

// Demo returns sTN's document of a demo data set: a usage summary for each month and subscription of the mobile
// customers, sorted by month.
func Demo(set demo.Set) demo.Document {
	g := demo.NewGenerator(set)
	subscriptions := 0
	for i := range demo.MobileCustomers.Count(g.Customers) {
		_, count := g.Subscriptions(demo.MobileCustomers.Nth(i))
		subscriptions += count
	}
	total := subscriptions * g.Months
	return demo.Document{
		Source:     db.STN,
		Count:      total,
		Records:    func() demo.Records { return &demoSummaries{Generator: g} },
		Opening:    `{"offset":0,"total":` + strconv.Itoa(total) + `,"results":[`,
		Closing:    "]}",
		CustomerID: func(customer int) string { return demoID(g.Random(customerTopic, customer)) },
		Customers:  demo.MobileCustomers,
	}
}

const (
	customerTopic     demo.Topic = 2
	subscriptionTopic demo.Topic = 4
	summaryTopic      demo.Topic = 7
	summaryIDTopic    demo.Topic = 8
)

// alphanumeric holds the characters of ids.
const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// demoID returns an id with the length of the ids of the page's sample.
func demoID(r demo.Random) string {
	var id [17]byte
	for i := range id {
		id[i] = alphanumeric[r.Below(len(alphanumeric))]
	}
	return string(id[:])
}

// demoSummaries is an iterator over summaries. The next summary is that of a month, a customer and a subscription, by
// their indexes: customer in the mobile customers, subscription in the subscriptions of the customer.
type demoSummaries struct {
	*demo.Generator
	month, customer, subscription int
}

// Next implements demo.Records.
func (d *demoSummaries) Next(w *demo.Writer) bool {
	if d.customer == demo.MobileCustomers.Count(d.Customers) {
		d.customer = 0
		d.month++
	}
	if d.month == d.Months || d.Customers == 0 {
		return false
	}
	customer := demo.MobileCustomers.Nth(d.customer)
	first, count := d.Subscriptions(customer)
	d.write(w, d.Month(d.month), customer, first+d.subscription)
	if d.subscription++; d.subscription == count {
		d.subscription = 0
		d.customer++
	}
	return true
}

func (d *demoSummaries) write(w *demo.Writer, month time.Time, customer, subscription int) {
	number := 100_000*subscription + 12*month.Year() + int(month.Month())
	tariff := drawTariff(d.Random(subscriptionTopic, subscription))
	details := tariff.drawDetails(d.Random(summaryTopic, number))

	w.Object("")
	w.String("id", demoID(d.Random(summaryIDTopic, number)))
	w.String("subscriptionId", demoID(d.Random(subscriptionTopic, subscription)))
	w.Phone("phoneNumber", subscription)
	w.String("yearMonth", month.Format("2006_01"))
	w.String("customerId", demoID(d.Random(customerTopic, customer)))
	w.String("providerGroup", tariff.providerGroup)
	writeTotals(w, tariff, details)
	w.Array("usageDetails")
	for _, detail := range details {
		detail.write(w)
	}
	w.EndArray()
	w.EndObject()
}
