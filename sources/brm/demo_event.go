package brm

import (
	"strconv"
	"time"

	"usagegraph/demo"
)

// demoEvent is a billing event.
type demoEvent struct {
	number, customer, subscription int
	time                           time.Time
	class                          *demoEventClass
	// product is the zero value for an event without a product.
	product demoProduct
	// cents is the amount without tax.
	cents  int
	billed bool
}

// demoEventClass is the class of an event: its path in the id, and its name.
type demoEventClass struct{ path, name string }

var (
	monthlyFee  = &demoEventClass{"-event-billing-product-fee-cycle-cycle_forward_monthly", "EventBillingProductFeeCycleCycle_forward_monthly"}
	purchase    = &demoEventClass{"-event-billing-product-fee-purchase", "EventBillingProductFeePurchase"}
	callSession = &demoEventClass{"-event-delayed-session-telco-gsm", "EventDelayedSessionTelcoGsm"}
	dataSession = &demoEventClass{"-event-delayed-session-telco-gprs", "EventDelayedSessionTelcoGprs"}
	textMessage = &demoEventClass{"-event-delayed-session-telco-gsm-sms", "EventDelayedSessionTelcoGsmSms"}
)

// demoProduct is a product with its price without tax.
type demoProduct struct {
	id, name string
	cents    int
}

var (
	tariffs = []demoProduct{
		{"0.0.0.1+-product+5001", "Business Mobile Start", 750},
		{"0.0.0.1+-product+5002", "Business Mobile 10 GB", 1250},
		{"0.0.0.1+-product+5003", "Business Mobile 20 GB", 2000},
		{"0.0.0.1+-product+5004", "Business Mobile Unlimited", 3250},
		{"0.0.0.1+-product+5010", "Data SIM 5 GB", 499},
	}
	extras = []demoProduct{
		{"0.0.0.1+-product+5101", "SIM Card Replacement", 995},
		{"0.0.0.1+-product+5102", "Data Top-up 5 GB", 1500},
		{"0.0.0.1+-product+5103", "Roaming Day Pass", 450},
		{"0.0.0.1+-product+5104", "Number Porting", 1210},
		{"0.0.0.1+-product+5105", "Golden Number", 7500},
	}
)

// draw draws the class, product and amount of an event other than a monthly fee.
func (e *demoEvent) draw(r *demo.Random) {
	switch n := r.Below(100); {
	case n < 15:
		e.class, e.product = purchase, demo.Pick(r, extras)
		e.cents = e.product.cents
	case n < 55:
		e.class, e.cents = callSession, r.Between(2, 240)
	case n < 80:
		e.class, e.cents = dataSession, r.Between(5, 480)
	default:
		e.class, e.cents = textMessage, r.Between(4, 25)
	}
}

// The numbers of events in their ids have gaps, and are far from those of the page's samples.
const firstEventNumber, eventNumberStep = 331_000_000_000_000_000, 512

func (e *demoEvent) write(w *demo.Writer, r *demo.Random, g *demo.Generator) {
	w.Object("")
	w.String("@baseType", "Usage")
	w.Null("@schemaLocation")
	w.String("@type", "Usage")
	id := "0.0.0.1+" + e.class.path + "+" + strconv.Itoa(firstEventNumber+eventNumberStep*e.number)
	w.String("id", id)
	w.String("href", "http://brm.example/brm/usageManagement/v4/usage/"+id)
	w.Time("date", e.time)
	w.String("type", e.class.name)
	w.String("status", e.status())
	w.Null("usageSpecification")
	e.writeCharacteristics(w, r)
	w.Array("relatedParty")
	w.Object("")
	w.String("id", demoAccount(e.customer))
	w.String("name", g.Name(e.customer))
	w.String("role", "customer")
	w.String("@referredType", "Customer")
	w.EndObject()
	w.Object("")
	w.Phone("id", e.subscription)
	w.String("role", "subscriber")
	w.String("@referredType", "Service")
	w.EndObject()
	w.EndArray()
	w.Array("ratedProductUsage")
	e.writePrice(w, g.Market(e.customer))
	w.EndArray()
	w.EndObject()
}

func (e *demoEvent) status() string {
	if e.billed {
		return "Billed"
	}
	return "Rated"
}

// writeCharacteristics writes the characteristics of a session; null for other events.
func (e *demoEvent) writeCharacteristics(w *demo.Writer, r *demo.Random) {
	switch e.class {
	case callSession:
		w.Array("usageCharacteristic")
		writeCalledNumber(w, r)
		writeIntCharacteristic(w, "DURATION_SECONDS", r.Between(5, 1800))
		w.EndArray()
	case dataSession:
		w.Array("usageCharacteristic")
		w.Object("")
		w.String("name", "ACCESS_POINT")
		w.String("value", "internet")
		w.String("valueType", "string")
		w.EndObject()
		writeIntCharacteristic(w, "VOLUME_KB", r.Between(40, 900_000))
		w.EndArray()
	case textMessage:
		w.Array("usageCharacteristic")
		writeCalledNumber(w, r)
		w.EndArray()
	default:
		w.Null("usageCharacteristic")
	}
}

// calledPrefixes are the prefixes of the called numbers, without their last three digits.
var calledPrefixes = []string{"+447700900"}

func writeCalledNumber(w *demo.Writer, r *demo.Random) {
	w.Object("")
	w.String("name", "CALLED_TO")
	w.RandomNumber("value", r, demo.Pick(r, calledPrefixes), 3)
	w.String("valueType", "string")
	w.EndObject()
}

func writeIntCharacteristic(w *demo.Writer, name string, value int) {
	w.Object("")
	w.String("name", name)
	w.Int("value", value)
	w.String("valueType", "integer")
	w.EndObject()
}
