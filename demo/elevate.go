package demo

import "time"

// calls are elevate's call detail records, in the order of their time.
type calls struct {
	*world
	hours  timetable
	weight int // of all days
	passed int // of the days before today's end
	made   int // records before today's
	day    int // after today
	today
}

// today is the day whose records are being made.
type today struct {
	midnight   int64 // local, as seconds since 1970
	weekend    bool
	billRun    int
	loaded     string
	file       map[*supplier]string
	count, nth int
}

// firstCall is the first record's id, far from those of documented samples.
const firstCall = 70_000_001

func newCalls(w *world) *calls {
	c := &calls{world: w, hours: newTimetable()}
	for day := w.start; day.Before(w.Until); day = day.AddDate(0, 0, 1) {
		c.weight += busyness[day.Weekday()]
	}
	return c
}

// nextDay goes on to the next day; false after the last.
func (c *calls) nextDay() bool {
	day := c.start.AddDate(0, 0, c.day)
	if !day.Before(c.Until) {
		return false
	}
	c.day++
	c.made += c.count
	c.passed += busyness[day.Weekday()]
	date := day.Format("20060102")
	c.today = today{
		midnight: day.Add(-britishOffset(day)).Unix(),
		weekend:  day.Weekday() == time.Saturday || day.Weekday() == time.Sunday,
		billRun:  12*(day.Year()-2000) + int(day.Month()),
		loaded:   day.AddDate(0, 0, 1).Format(time.DateOnly),
		file:     map[*supplier]string{},
		count:    c.elevateCalls*c.passed/c.weight - c.made,
	}
	for _, s := range []*supplier{switched, mobile, roaming} {
		c.file[s] = s.file + date + s.extension
	}
	c.hours.restart()
	return true
}

func (c *calls) next(w *writer) bool {
	for c.nth == c.count {
		if !c.nextDay() {
			return false
		}
	}
	k := c.made + c.nth
	r := c.random(ofCall, k)
	second := c.hours.second(&r, c.nth, c.count)
	c.nth++
	customer := c.user(&r, inElevate, k, c.elevateCalls)
	first, lines := c.lines(customer)
	line := first + r.below(lines)
	class := classOf[r.below(len(classOf))]
	to := pick(&r, class.to)
	p := c.price(&r, class, customer)

	w.object("")
	w.integer("id", firstCall+k)
	w.integer("customerId", elevateCustomer(customer))
	w.integer("siteId", 10*elevateCustomer(customer)+1+line%2)
	w.integer("billRunId", c.billRun)
	w.instant("eventDate", c.midnight+int64(second))
	w.integer("productReference", class.product)
	w.phone("serviceId", line)
	w.destination("destination", &r, to)
	w.integer("chargeGroupId", class.group)
	w.string("callClass", class.name)
	w.integer("oneOffQuantity", p.items)
	w.decimal("dataQuantity", p.kilo, 3, 0)
	w.integer("durationQuantity", p.seconds)
	p.write(w)
	w.string("timeBand", c.band(second))
	w.integer("usageProductId", class.product%100+10*class.group)
	w.string("usageDirection", direction(class))
	w.boolean("isdn", class.supplier == switched && line%10 == 0)
	w.stringOrNull("additionalInfoGeneral", to.note)
	w.literal("additionalInfoElectronic", "null")
	w.integer("supplierAccountId", class.supplier.account)
	w.string("fileName", c.file[class.supplier])
	w.string("loadedDate", c.loaded)
	w.string("parserName", class.supplier.parser)
	w.string("fileType", class.supplier.fileType)
	w.endObject()
	return true
}

func direction(class *callClass) string {
	if class.usage == inbound {
		return "INBOUND"
	}
	return "OUTBOUND"
}

// band returns elevate's time band of a second of today, by British time.
func (t *today) band(second int) string {
	switch {
	case t.weekend:
		return "WEEKEND"
	case second >= 8*3600 && second < 18*3600:
		return "PEAK"
	}
	return "OFFPEAK"
}
