package demo

import (
	"strconv"
	"time"
)

// events are brm's usage events: each month the fees, on its first day, then the rest in the order of their time.
type events struct {
	*world
	months int // begun
	made   int // events before this month's
	billed int // fees
	period
}

// period is the month whose events are being made, by brm's clock; of its events the first are fees.
type period struct {
	begin            time.Time
	length           time.Duration
	closed           bool
	count, fees, nth int
}

// brmZone is the zone of brm's clock, which knows no summer time.
var brmZone = time.FixedZone("", -4*3600)

// brm's events have numbers of 64 bits with gaps; these are far from those of documented samples.
const firstEvent, eventStep = 331_000_000_000_000_000, 512

func newEvents(w *world) *events { return &events{world: w} }

// nextMonth goes on to the next month; false after the last.
func (e *events) nextMonth() bool {
	if e.months == e.Months {
		return false
	}
	begin, end := e.month(e.months), e.month(e.months+1)
	if end.After(e.Until) {
		end = e.Until
	}
	e.months++
	e.made += e.count
	count := e.brmEvents*e.months/e.Months - e.made
	// Where there are enough events each customer has one to three fees a month, else one in his turn.
	each := min(max(count*6/10/max(e.Customers, 1), 1), 3)
	e.period = period{
		begin:  time.Date(begin.Year(), begin.Month(), begin.Day(), 0, 0, 0, 0, brmZone),
		length: end.Sub(begin),
		closed: e.months < e.Months,
		count:  count,
		fees:   min(each*e.Customers, count),
	}
	return true
}

func (e *events) next(w *writer) bool {
	for e.nth == e.count {
		if !e.nextMonth() {
			return false
		}
	}
	k := e.made + e.nth
	v := event{number: k, at: e.begin, closed: e.closed}
	r := e.random(ofEvent, k)
	if e.nth < e.fees {
		v.customer = e.billed % e.Customers
		first, lines := e.lines(v.customer)
		v.line = first + e.billed/e.Customers%lines
		plan := e.random(ofLine, v.line)
		v.class, v.product = monthlyFee, pick(&plan, plans)
		v.cents = v.product.cents
		e.billed++
	} else {
		slot := e.length / time.Duration(e.count-e.fees)
		v.at = e.begin.Add(slot*time.Duration(e.nth-e.fees) + time.Duration(r.below(int(slot)))).Truncate(time.Second)
		v.customer = e.user(&r, inBRM, k, e.brmEvents)
		first, lines := e.lines(v.customer)
		v.line = first + r.below(lines)
		v.draw(&r)
	}
	e.nth++
	e.write(w, &r, v)
	return true
}

func (e *events) write(w *writer, r *random, v event) {
	w.object("")
	w.string("@baseType", "Usage")
	w.literal("@schemaLocation", "null")
	w.string("@type", "Usage")
	id := "0.0.0.1+" + v.class.path + "+" + strconv.Itoa(firstEvent+eventStep*v.number)
	w.string("id", id)
	w.string("href", "http://brm.example/brm/usageManagement/v4/usage/"+id)
	w.string("date", v.at.Format(time.RFC3339))
	w.string("type", v.class.name)
	w.string("status", v.status())
	w.literal("usageSpecification", "null")
	v.writeCharacteristics(w, r)
	w.array("relatedParty")
	w.object("")
	w.string("id", e.account(v.customer))
	w.string("name", e.name(v.customer))
	w.string("role", "customer")
	w.string("@referredType", "Customer")
	w.endObject()
	w.object("")
	w.phone("id", v.line)
	w.string("role", "subscriber")
	w.string("@referredType", "Service")
	w.endObject()
	w.endArray()
	w.array("ratedProductUsage")
	v.writePrice(w, e.market(v.customer))
	w.endArray()
	w.endObject()
}
