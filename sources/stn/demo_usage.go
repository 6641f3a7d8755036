package stn

import (
	"fmt"

	"usagegraph/demo"
)

// demoTariff is the tariff of a subscription.
type demoTariff struct {
	providerGroup string
	// groupSIM is set for a SIM card that uses the bundle of other subscriptions.
	groupSIM bool
	// megabytes is the monthly data bundle at home, or unlimited. Calls and messages at home are unlimited.
	megabytes int
}

const (
	unlimited = -1
	// euMegabytes is the monthly data bundle in the EU.
	euMegabytes = 8000
)

func drawTariff(r demo.Random) demoTariff {
	t := demoTariff{
		providerGroup: "KPNMOBIEL",
		groupSIM:      r.Percent(10),
		megabytes:     demo.Pick(&r, []int{5000, 12000, 12000, 20000, 50000, unlimited}),
	}
	if r.Percent(30) {
		t.providerGroup = "NOORDMOBIEL"
	}
	return t
}

// demoDetail is an invoice line.
type demoDetail struct {
	*rateClass
	quantity int
	// volume is in seconds, kilobytes or messages.
	volume, cents int
}

// drawDetails draws the usage of a month. Only data at home is always used.
func (t demoTariff) drawDetails(r demo.Random) []demoDetail {
	megabytes := t.megabytes
	if megabytes == unlimited {
		megabytes = 40_000
	}
	// An odd number of kilobytes is never halfway between two rounded values.
	kilobytes := 1024*megabytes/100*r.Between(3, 105) + r.Below(10_000) | 1
	details := []demoDetail{{homeData, 1, kilobytes, 0}}
	if t.groupSIM {
		return details
	}
	if over := kilobytes/1024 - megabytes; over > 0 && t.megabytes != unlimited {
		details[0].cents = over
	}
	add := func(percent int, class *rateClass, quantity, volume, cents int) {
		if r.Percent(percent) {
			details = append(details, demoDetail{class, quantity, volume, cents})
		}
	}
	calls := r.Between(1, 60)
	add(85, homeMobile, calls, calls*r.Between(20, 400), 0)
	calls = r.Between(1, 25)
	add(50, homeLandline, calls, calls*r.Between(20, 500), 0)
	messages := r.Between(1, 30)
	add(45, homeSMS, messages, messages, 0)
	add(14, euData, 1, r.Between(1024, 3_000_000)|1, 0)
	calls = r.Between(1, 12)
	add(9, euCalls, calls, calls*r.Between(15, 300), 0)
	megabytes = r.Between(1, 60)
	add(4, worldData, 1, 1024*megabytes, 75*megabytes)
	minutes := r.Between(1, 25)
	add(4, worldCalls, r.Between(1, minutes), 60*minutes, 95*minutes)
	messages = r.Between(1, 3)
	add(4, premiumSMS, messages, messages, 150*messages)
	return details
}

func (d *demoDetail) write(w *demo.Writer) {
	w.Object("")
	w.String("invoiceLineType", d.lineType)
	w.String("invoiceLineCode", d.code)
	w.String("description", d.description)
	w.Int("sortOrder", d.sortOrder)
	w.Int("quantity", d.quantity)
	w.Int("volume", d.volume)
	w.String("volumeStr", d.volumeText())
	w.Decimal("amount", d.cents, 2, 0)
	w.Int("refId", d.refID)
	w.String("rateClassId", d.id)
	w.EndObject()
}

func (d *demoDetail) volumeText() string {
	switch d.service {
	case voice:
		return fmt.Sprintf("%02d:%02d:%02d", d.volume/3600, d.volume/60%60, d.volume%60)
	case data:
		return fmt.Sprintf("%d MB", (d.volume+512)/1024)
	}
	return fmt.Sprintf("%d stk", d.volume)
}
