package dxp

import (
	"github.com/go-json-experiment/json"

	"usagegraph/db"
	"usagegraph/demo"
)

// Demo returns dxp's document of a demo data set: a consumption report for every fourth subscription of the mobile
// customers, on the last day. Reports name no customer.
func Demo(set demo.Set) demo.Document {
	g := demo.NewGenerator(set)
	count := 0
	for reports := (&demoReports{Generator: g}); reports.nextSubscription(); {
		count++
	}
	return demo.Document{
		Source:  db.DXP,
		Count:   count,
		Records: func() demo.Records { return &demoReports{Generator: g} },
		Opening: "[",
		Closing: "]",
	}
}

// reportTopic is the topic of a report.
const reportTopic demo.Topic = 9

// demoReports is an iterator over reports.
type demoReports struct {
	*demo.Generator
	// subscription is the subscription of the current report.
	subscription int
	// customer and index are the indexes of the next subscription: of its customer in the mobile customers, and of the
	// subscription in those of the customer.
	customer, index int
}

// Next implements demo.Records.
func (d *demoReports) Next(w *demo.Writer) bool {
	if !d.nextSubscription() {
		return false
	}
	text, err := json.Marshal(d.report(d.subscription))
	if err != nil {
		panic(err) // a report has only strings, numbers and valid JSON
	}
	w.JSON("", text)
	return true
}

// nextSubscription advances to the next subscription with a report. It returns false after the last one.
func (d *demoReports) nextSubscription() bool {
	for d.customer < demo.MobileCustomers.Count(d.Customers) {
		first, count := d.Subscriptions(demo.MobileCustomers.Nth(d.customer))
		d.subscription = first + d.index
		if d.index++; d.index == count {
			d.index = 0
			d.customer++
		}
		if d.subscription%4 == 0 {
			return true
		}
	}
	return false
}
