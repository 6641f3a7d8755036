package brm

import (
	"strconv"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
)

// Demo returns BRM's document of a demo data set: the billing events of all customers. The events of a month begin with
// the monthly fees, dated its first day; the others follow, sorted by time.
func Demo(set demo.Set) demo.Document {
	g := demo.NewGenerator(set)
	return demo.Document{
		Source:     db.BRM,
		Count:      g.BillingEvents,
		Records:    func() demo.Records { return &demoEvents{Generator: g} },
		Opening:    "[",
		Closing:    "]",
		CustomerID: demoAccount,
		Customers:  demo.AllCustomers,
	}
}

// demoAccount returns the id of a customer's account: the id of an object with + for a space and - for /, as BRM's REST
// pages write it.
func demoAccount(customer int) string { return "0.0.0.1+-account+" + strconv.Itoa(104_211+37*customer) }

// The topics of the tariff of a subscription and of an event.
const (
	tariffTopic demo.Topic = 3
	eventTopic  demo.Topic = 6
)

// demoZone is the time zone of the events. It has no summer time.
var demoZone = time.FixedZone("", -4*3600)

// demoEvents is an iterator over events, month by month.
type demoEvents struct {
	*demo.Generator
	// months is the number of months up to the current one, written the number of events before the current month.
	months, written int
	// fees is the number of fees so far.
	fees int
	demoMonth
}

// demoMonth is a billing month.
type demoMonth struct {
	start  time.Time
	length time.Duration
	billed bool
	// count is the number of events, feeCount that of the fees among them. index is the index of the next event.
	count, feeCount, index int
}

// nextMonth begins the next month. It returns false after the last one.
func (d *demoEvents) nextMonth() bool {
	if d.months == d.Months {
		return false
	}
	start, end := d.Month(d.months), d.Month(d.months+1)
	if end.After(d.Until) {
		end = d.Until
	}
	d.months++
	d.written += d.count
	count := d.BillingEvents*d.months/d.Months - d.written
	// A customer has one to three fees a month. If the month has fewer events than customers, only some of them have
	// one.
	feesPerCustomer := min(max(count*6/10/max(d.Customers, 1), 1), 3)
	d.demoMonth = demoMonth{
		start:    time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, demoZone),
		length:   end.Sub(start),
		billed:   d.months < d.Months,
		count:    count,
		feeCount: min(feesPerCustomer*d.Customers, count),
	}
	return true
}

// Next implements demo.Records.
func (d *demoEvents) Next(w *demo.Writer) bool {
	for d.index == d.count {
		if !d.nextMonth() {
			return false
		}
	}
	e := demoEvent{number: d.written + d.index, time: d.start, billed: d.billed}
	r := d.Random(eventTopic, e.number)
	if d.index < d.feeCount {
		e.customer = d.fees % d.Customers
		first, count := d.Subscriptions(e.customer)
		e.subscription = first + d.fees/d.Customers%count
		tariff := d.Random(tariffTopic, e.subscription)
		e.class, e.product = monthlyFee, demo.Pick(&tariff, tariffs)
		e.cents = e.product.cents
		d.fees++
	} else {
		slot := d.length / time.Duration(d.count-d.feeCount)
		e.time = d.start.Add(slot*time.Duration(d.index-d.feeCount) + time.Duration(r.Below(int(slot)))).Truncate(time.Second)
		e.customer = d.DrawCustomer(&r, demo.AllCustomers, e.number, d.BillingEvents)
		first, count := d.Subscriptions(e.customer)
		e.subscription = first + r.Below(count)
		e.draw(&r)
	}
	d.index++
	e.write(w, &r, d.Generator)
	return true
}
