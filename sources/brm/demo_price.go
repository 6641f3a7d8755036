package brm

import "usagegraph/demo"

// writePrice writes the price of an event: in US dollars without tax in Puerto Rico, in euros with 21 % tax elsewhere.
func (e *demoEvent) writePrice(w *demo.Writer, m demo.Market) {
	currency, tax := "EUR", 21
	if m == demo.PuertoRico {
		currency, tax = "USD", 0
	}
	w.Object("")
	w.Null("@baseType")
	w.Null("@schemaLocation")
	w.Null("@type")
	w.Time("ratingDate", e.time)
	w.String("usageRatingTag", "Rate 1")
	if e.billed {
		w.Bool("isBilled", true)
	} else {
		w.Null("isBilled")
	}
	w.Null("ratingAmountType")
	writeMoney(w, "taxExcludedAmount", currency, e.cents)
	writeMoney(w, "taxIncludedAmount", currency, (e.cents*(100+tax)+50)/100)
	w.Decimal("taxRate", 10*tax, 1, 1)
	w.Null("isTaxExempt")
	w.Null("offerTariffType")
	w.Null("bucketValueConvertedInAmount")
	if e.product.id == "" {
		w.Null("productRef")
	} else {
		w.Object("productRef")
		w.String("id", e.product.id)
		w.String("name", e.product.name)
		w.EndObject()
	}
	w.EndObject()
}

// writeMoney writes an amount of money. Its value has at least one decimal place, as in BRM.
func writeMoney(w *demo.Writer, key, currency string, cents int) {
	w.Object(key)
	w.String("unit", currency)
	w.Decimal("value", cents, 2, 1)
	w.EndObject()
}
