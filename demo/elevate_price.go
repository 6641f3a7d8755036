package demo

// priced is how much of a service a record used, and what that costs in hundred-thousandths of a pound.
type priced struct {
	items, kilo, seconds int // kilo is in thousandths of a megabyte
	sell, list, buy      int
}

const pricePlaces = 5

// price draws how much was used and prices it: for the customer by a mark-up and a discount of his own.
func (w *world) price(r *random, class *callClass, customer int) (p priced) {
	switch class.usage {
	case voice, inbound:
		p.seconds = 3 + r.below(40)*r.below(36)
		p.buy = (class.cost*p.seconds + 59) / 60
	case data:
		p.kilo = 1 + r.below(180)*r.below(180)*r.below(8)
		p.buy = (class.cost*p.kilo + 999) / 1000
	case text:
		p.items = 1
		p.buy = class.cost
	}
	if p.buy > 0 {
		terms := w.random(ofCustomer, customer)
		p.list = p.buy * (150 + 10*terms.below(9)) / 100
		p.sell = max(p.list*(100-5*terms.below(5))/100, p.buy+1)
		p.list = max(p.list, p.sell)
	}
	return p
}

func (p *priced) write(w *writer) {
	w.decimal("sellPrice", p.sell, pricePlaces, 0)
	w.decimal("preDiscountedSellPrice", p.list, pricePlaces, 0)
	w.decimal("buyPrice", p.buy, pricePlaces, 0)
	w.decimal("ratedBuyPrice", p.buy, pricePlaces, 0)
	w.decimal("profit", p.sell-p.buy, pricePlaces, 0)
	w.percentage("profitPercentage", p.sell-p.buy, p.buy)
	w.percentage("marginPercentage", p.sell-p.buy, p.sell)
}
