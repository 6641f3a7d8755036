package demo

import "time"

// event is what one of brm's usage events says.
type event struct {
	number, customer, line int
	at                     time.Time
	class                  *eventClass
	// product is the zero product where none is named.
	product product
	cents   int
	// closed tells that the month is on a bill.
	closed bool
}

// eventClass is an event's class as a path and as a type.
type eventClass struct{ path, name string }

var (
	monthlyFee  = &eventClass{"-event-billing-product-fee-cycle-cycle_forward_monthly", "EventBillingProductFeeCycleCycle_forward_monthly"}
	purchase    = &eventClass{"-event-billing-product-fee-purchase", "EventBillingProductFeePurchase"}
	callSession = &eventClass{"-event-delayed-session-telco-gsm", "EventDelayedSessionTelcoGsm"}
	dataSession = &eventClass{"-event-delayed-session-telco-gprs", "EventDelayedSessionTelcoGprs"}
	textMessage = &eventClass{"-event-delayed-session-telco-gsm-sms", "EventDelayedSessionTelcoGsmSms"}
)

// product is what brm sells, its price without tax.
type product struct {
	id, name string
	cents    int
}

var (
	plans = []product{
		{"0.0.0.1+-product+5001", "Business Mobile Start", 750},
		{"0.0.0.1+-product+5002", "Business Mobile 10 GB", 1250},
		{"0.0.0.1+-product+5003", "Business Mobile 20 GB", 2000},
		{"0.0.0.1+-product+5004", "Business Mobile Unlimited", 3250},
		{"0.0.0.1+-product+5010", "Data SIM 5 GB", 499},
	}
	extras = []product{
		{"0.0.0.1+-product+5101", "SIM Card Replacement", 995},
		{"0.0.0.1+-product+5102", "Data Top-up 5 GB", 1500},
		{"0.0.0.1+-product+5103", "Roaming Day Pass", 450},
		{"0.0.0.1+-product+5104", "Number Porting", 1210},
		{"0.0.0.1+-product+5105", "Golden Number", 7500},
	}
)

// draw draws what an event is that is no fee.
func (v *event) draw(r *random) {
	switch n := r.below(100); {
	case n < 15:
		v.class, v.product = purchase, pick(r, extras)
		v.cents = v.product.cents
	case n < 55:
		v.class, v.cents = callSession, r.between(2, 240)
	case n < 80:
		v.class, v.cents = dataSession, r.between(5, 480)
	default:
		v.class, v.cents = textMessage, r.between(4, 25)
	}
}

func (v *event) status() string {
	if v.closed {
		return "Billed"
	}
	return "Rated"
}

// writeCharacteristics writes what a session was: with whom, and how much.
func (v *event) writeCharacteristics(w *writer, r *random) {
	const key = "usageCharacteristic"
	switch v.class {
	case callSession:
		w.array(key)
		sessionFact(w, "CALLED_TO", "string", func() { w.destination("value", r, pick(r, ukMobile)) })
		sessionFact(w, "DURATION_SECONDS", "integer", func() { w.integer("value", r.between(5, 1800)) })
		w.endArray()
	case dataSession:
		w.array(key)
		sessionFact(w, "ACCESS_POINT", "string", func() { w.string("value", "internet") })
		sessionFact(w, "VOLUME_KB", "integer", func() { w.integer("value", r.between(40, 900_000)) })
		w.endArray()
	case textMessage:
		w.array(key)
		sessionFact(w, "CALLED_TO", "string", func() { w.destination("value", r, pick(r, ukMobile)) })
		w.endArray()
	default:
		w.literal(key, "null")
	}
}

func sessionFact(w *writer, name, valueType string, value func()) {
	w.object("")
	w.string("name", name)
	value()
	w.string("valueType", valueType)
	w.endObject()
}

// writePrice writes the event's one price: in dollars without tax in Puerto Rico, in euros with 21 % elsewhere.
func (v *event) writePrice(w *writer, m market) {
	currency, tax := "EUR", 21
	if m == puertoRico {
		currency, tax = "USD", 0
	}
	w.object("")
	w.literal("@baseType", "null")
	w.literal("@schemaLocation", "null")
	w.literal("@type", "null")
	w.string("ratingDate", v.at.Format(time.RFC3339))
	w.string("usageRatingTag", "Rate 1")
	if v.closed {
		w.boolean("isBilled", true)
	} else {
		w.literal("isBilled", "null")
	}
	w.literal("ratingAmountType", "null")
	amount(w, "taxExcludedAmount", currency, v.cents)
	amount(w, "taxIncludedAmount", currency, (v.cents*(100+tax)+50)/100)
	w.decimal("taxRate", 10*tax, 1, 1)
	w.literal("isTaxExempt", "null")
	w.literal("offerTariffType", "null")
	w.literal("bucketValueConvertedInAmount", "null")
	if v.product.id == "" {
		w.literal("productRef", "null")
	} else {
		w.object("productRef")
		w.string("id", v.product.id)
		w.string("name", v.product.name)
		w.endObject()
	}
	w.endObject()
}

// amount writes money as brm does: with one decimal place at least.
func amount(w *writer, key, currency string, cents int) {
	w.object(key)
	w.string("unit", currency)
	w.decimal("value", cents, 2, 1)
	w.endObject()
}
