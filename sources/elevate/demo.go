package elevate

import (
	"strconv"
	"time"

	"usagegraph/db"
	"usagegraph/demo"
)

// Demo returns elevate's document of a demo data set: the usage records of the wholesale customers, sorted by time.
func Demo(set demo.Set) demo.Document {
	g := demo.NewGenerator(set)
	return demo.Document{
		Source:     db.Elevate,
		Count:      g.Calls,
		Records:    func() demo.Records { return newDemoRecords(g) },
		Opening:    "[",
		Closing:    "]",
		CustomerID: func(customer int) string { return strconv.Itoa(demoCustomerID(customer)) },
		Customers:  demo.WholesaleCustomers,
	}
}

func demoCustomerID(customer int) int { return 1001 + customer }

// recordTopic is the topic of a usage record.
const recordTopic demo.Topic = 5

// firstDemoID is the id of the first record, far from the ids of the page's sample.
const firstDemoID = 70_000_001

// demoRecords is an iterator over usage records, day by day.
type demoRecords struct {
	*demo.Generator
	// next is the day after the current one, written the number of records before the current day.
	next    time.Time
	written int
	// totalWeight is the weight of all days, weight that of the days up to the current one.
	totalWeight, weight int
	demoDay
}

// demoDay is a day in British time.
type demoDay struct {
	midnight time.Time
	weekend  bool
	hours    demo.Timetable
	// fileNames holds the file of each supplier.
	fileNames  map[*supplier]string
	billRun    int
	loadedDate string
	// count is the number of records, index that of the next one.
	count, index int
}

func newDemoRecords(g *demo.Generator) *demoRecords {
	d := &demoRecords{Generator: g, next: g.Month(0)}
	for day := d.next; day.Before(g.Until); day = day.AddDate(0, 0, 1) {
		d.totalWeight += demo.DayWeights[day.Weekday()]
	}
	return d
}

// nextDay begins the next day. It returns false after the last one.
func (d *demoRecords) nextDay() bool {
	day := d.next
	if !day.Before(d.Until) {
		return false
	}
	d.next = day.AddDate(0, 0, 1)
	d.written += d.count
	d.weight += demo.DayWeights[day.Weekday()]
	d.demoDay = demoDay{
		midnight:   day.Add(-britishOffset(day)),
		weekend:    day.Weekday() == time.Saturday || day.Weekday() == time.Sunday,
		hours:      demo.NewTimetable(),
		fileNames:  map[*supplier]string{},
		billRun:    12*(day.Year()-2000) + int(day.Month()),
		loadedDate: d.next.Format(time.DateOnly),
		count:      d.Calls*d.weight/d.totalWeight - d.written,
	}
	for _, s := range []*supplier{fixedNetwork, mobileNetwork, roamingPartners} {
		d.fileNames[s] = s.filePrefix + day.Format("20060102") + s.extension
	}
	return true
}

// britishOffset returns the offset of British time from UTC on a day: one hour from the last Sunday of March to the
// last Sunday of October.
func britishOffset(day time.Time) time.Duration {
	if !day.Before(lastSunday(day.Year(), time.March)) && day.Before(lastSunday(day.Year(), time.October)) {
		return time.Hour
	}
	return 0
}

func lastSunday(year int, month time.Month) time.Time {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC)
	return last.AddDate(0, 0, -int(last.Weekday()))
}

// Next implements demo.Records.
func (d *demoRecords) Next(w *demo.Writer) bool {
	for d.index == d.count {
		if !d.nextDay() {
			return false
		}
	}
	n := d.written + d.index
	r := d.Random(recordTopic, n)
	second := d.hours.Second(&r, d.index, d.count)
	d.index++
	customer := d.DrawCustomer(&r, demo.WholesaleCustomers, n, d.Calls)
	first, count := d.Subscriptions(customer)
	subscription := first + r.Below(count)
	class := drawCallClass(&r)
	to := demo.Pick(&r, class.destinations)
	usage := drawUsage(&r, class, d.Random(demo.CustomerTopic, customer))

	w.Object("")
	w.Int("id", firstDemoID+n)
	w.Int("customerId", demoCustomerID(customer))
	w.Int("siteId", 10*demoCustomerID(customer)+1+subscription%2)
	w.Int("billRunId", d.billRun)
	w.Time("eventDate", d.midnight.Add(time.Duration(second)*time.Second))
	w.Int("productReference", class.product)
	w.Phone("serviceId", subscription)
	w.RandomNumber("destination", &r, to.prefix, to.digits)
	w.Int("chargeGroupId", class.group)
	w.String("callClass", class.name)
	usage.write(w)
	w.String("timeBand", d.timeBand(second))
	w.Int("usageProductId", class.product%100+10*class.group)
	w.String("usageDirection", class.direction())
	w.Bool("isdn", class.supplier == fixedNetwork && subscription%10 == 0)
	if to.info == "" {
		w.Null("additionalInfoGeneral")
	} else {
		w.String("additionalInfoGeneral", to.info)
	}
	w.Null("additionalInfoElectronic")
	w.Int("supplierAccountId", class.supplier.account)
	w.String("fileName", d.fileNames[class.supplier])
	w.String("loadedDate", d.loadedDate)
	w.String("parserName", class.supplier.parser)
	w.String("fileType", class.supplier.fileType)
	w.EndObject()
	return true
}

// timeBand returns the time band of a second of the day.
func (d *demoDay) timeBand(second int) string {
	switch {
	case d.weekend:
		return "WEEKEND"
	case second >= 8*3600 && second < 18*3600:
		return "PEAK"
	}
	return "OFFPEAK"
}
