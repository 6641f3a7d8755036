package elevate

import "usagegraph/demo"

// demoUsage holds the quantities and prices of a record.
type demoUsage struct {
	messages, kilobytes, seconds int
	// sell, list and buy are prices in 1/100,000 pounds. list is the selling price before the discount.
	sell, list, buy int
}

// priceScale is the number of decimal places of a price.
const priceScale = 5

// drawUsage draws the quantity of a record and computes its prices. terms is the random number generator of the
// customer: all records of a customer have the same markup and discount.
func drawUsage(r *demo.Random, class *demoClass, terms demo.Random) (u demoUsage) {
	switch class.unit {
	case seconds:
		u.seconds = 3 + r.Below(40)*r.Below(36)
		u.buy = (class.price*u.seconds + 59) / 60
	case megabytes:
		u.kilobytes = 1 + r.Below(180)*r.Below(180)*r.Below(8)
		u.buy = (class.price*u.kilobytes + 999) / 1000
	case messages:
		u.messages = 1
		u.buy = class.price
	}
	if u.buy > 0 {
		u.list = u.buy * (150 + 10*terms.Below(9)) / 100
		u.sell = max(u.list*(100-5*terms.Below(5))/100, u.buy+1)
		u.list = max(u.list, u.sell)
	}
	return u
}

func (u *demoUsage) write(w *demo.Writer) {
	profit := u.sell - u.buy
	w.Int("oneOffQuantity", u.messages)
	w.Decimal("dataQuantity", u.kilobytes, 3, 0) // in megabytes
	w.Int("durationQuantity", u.seconds)
	w.Decimal("sellPrice", u.sell, priceScale, 0)
	w.Decimal("preDiscountedSellPrice", u.list, priceScale, 0)
	w.Decimal("buyPrice", u.buy, priceScale, 0)
	w.Decimal("ratedBuyPrice", u.buy, priceScale, 0)
	w.Decimal("profit", profit, priceScale, 0)
	writePercentage(w, "profitPercentage", profit, u.buy)
	writePercentage(w, "marginPercentage", profit, u.sell)
}

// writePercentage writes part / whole x 100, rounded to two places; null where whole is 0.
func writePercentage(w *demo.Writer, key string, part, whole int) {
	if whole == 0 {
		w.Null(key)
		return
	}
	w.Decimal(key, (20_000*part+whole)/(2*whole), 2, 0)
}
