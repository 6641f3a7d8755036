package demo

import "fmt"

// use is one of a summary's details.
type use struct {
	*rateClass
	times int
	// volume is in seconds, kilobytes or messages.
	volume, cents int
}

// rateClass is a kind of usage as stn's invoices have it.
type rateClass struct {
	// zone is zonePremium for what belongs to none.
	zone    zone
	service service

	line, code, description string
	order, reference        int
	id                      string
}

type zone int

const (
	zoneHome zone = iota
	zoneEU
	zoneWorld
	zonePremium
)

var zones = [...]string{"Home", "Eu", "World"}

type service int

const (
	serviceVoice service = iota
	serviceData
	serviceSMS
)

var services = [...]string{"Voice", "Data", "Sms"}

var (
	homeData   = &rateClass{zoneHome, serviceData, "7", "INT_NAT", "Internet nationaal", 1033, 24, "uhFqV5clK0SASANDV"}
	homeMobile = &rateClass{zoneHome, serviceVoice, "7", "N_MOBKPN", "Bellen naar mobiel", 1000, 41, "vM1ytLXW9hov09rZg"}
	homeFixed  = &rateClass{zoneHome, serviceVoice, "7", "N_FIXED", "Bellen naar vaste nummers", 1001, 2, "JO3s5s8n3O0cKM2Li"}
	homeTexts  = &rateClass{zoneHome, serviceSMS, "7", "SMS_NAT", "Sms nationaal", 1026, 19, "Tq3nYb7ZcWm5RkE0x"}
	euData     = &rateClass{zoneEU, serviceData, "7", "INT_EU", "Internet in de EU", 1034, 32, "p6LhD2vUsA9fGoJ4w"}
	euCalls    = &rateClass{zoneEU, serviceVoice, "7", "EU_VOICE", "Bellen in de EU", 1010, 28, "X8rKe1MiQz7tBnC5y"}
	worldData  = &rateClass{zoneWorld, serviceData, "8", "INT_WORLD", "Internet in de rest van de wereld", 1035, 33, "bKl6QxoKJeMGncDxK"}
	worldCalls = &rateClass{zoneWorld, serviceVoice, "8", "WORLD_VOICE", "Bellen in de rest van de wereld", 1011, 29, "d0VgSf3HuP6jLaW2m"}
	payTexts   = &rateClass{zonePremium, serviceSMS, "8", "PRMSMS", "Sms info: zie Payinfo ", 1027, 20, "aPwBpMERBnLsczlh3"}
)

// bundle is what a line pays for by the month.
type bundle struct {
	provider string
	// group is a SIM that shares the bundle of others and has none of its own.
	group bool
	// megabytes are for data at home, unlimited for no end. Calls and texts at home have none either.
	megabytes int
}

const (
	unlimited = -1
	// euMegabytes are for data in the EU.
	euMegabytes = 8000
)

func (w *world) bundleOf(line int) bundle {
	r := w.random(ofSTNLine, line)
	b := bundle{provider: "KPNMOBIEL", group: r.percent(10), megabytes: pick(&r, []int{5000, 12000, 12000, 20000, 50000, unlimited})}
	if r.percent(30) {
		b.provider = "NOORDMOBIEL"
	}
	return b
}

// draw draws what a line used in a month: data always, the rest now and then.
func (b bundle) draw(r *random) []use {
	megabytes := b.megabytes
	if megabytes == unlimited {
		megabytes = 40_000
	}
	// An odd number of kilobytes is never halfway between two that it can be rounded to.
	kilobytes := 1024*megabytes/100*r.between(3, 105) + r.below(10_000) | 1
	uses := []use{{homeData, 1, kilobytes, 0}}
	if b.group {
		return uses
	}
	if over := kilobytes/1024 - megabytes; over > 0 && b.megabytes != unlimited {
		uses[0].cents = over
	}
	add := func(percent int, class *rateClass, times, volume, cents int) {
		if r.percent(percent) {
			uses = append(uses, use{class, times, volume, cents})
		}
	}
	calls := r.between(1, 60)
	add(85, homeMobile, calls, calls*r.between(20, 400), 0)
	calls = r.between(1, 25)
	add(50, homeFixed, calls, calls*r.between(20, 500), 0)
	texts := r.between(1, 30)
	add(45, homeTexts, texts, texts, 0)
	add(14, euData, 1, r.between(1024, 3_000_000)|1, 0)
	calls = r.between(1, 12)
	add(9, euCalls, calls, calls*r.between(15, 300), 0)
	megabytes = r.between(1, 60)
	add(4, worldData, 1, 1024*megabytes, 75*megabytes)
	minutes := r.between(1, 25)
	add(4, worldCalls, r.between(1, minutes), 60*minutes, 95*minutes)
	texts = r.between(1, 3)
	add(4, payTexts, texts, texts, 150*texts)
	return uses
}

func (u use) write(w *writer) {
	w.object("")
	w.string("invoiceLineType", u.line)
	w.string("invoiceLineCode", u.code)
	w.string("description", u.description)
	w.integer("sortOrder", u.order)
	w.integer("quantity", u.times)
	w.integer("volume", u.volume)
	w.string("volumeStr", u.text())
	w.decimal("amount", u.cents, 2, 0)
	w.integer("refId", u.reference)
	w.string("rateClassId", u.id)
	w.endObject()
}

// text returns the volume as stn prints it.
func (u use) text() string {
	switch u.service {
	case serviceVoice:
		return fmt.Sprintf("%02d:%02d:%02d", u.volume/3600, u.volume/60%60, u.volume%60)
	case serviceData:
		return fmt.Sprintf("%d MB", (u.volume+512)/1024)
	}
	return fmt.Sprintf("%d stk", u.volume)
}
