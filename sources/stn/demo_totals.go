package stn

import "usagegraph/demo"

// demoTotals are the totals of a summary, by zone and service, and of all its details.
type demoTotals struct {
	allowances [len(demoZones)][len(demoServices)]demoAllowance
	// Amounts are in cents.
	premium, international, all int
}

// demoAllowance is the bundle and usage of a zone and service.
type demoAllowance struct {
	// bundle is 0 where there is none. It has the unit of the page; volume is in seconds, kilobytes or messages.
	bundle        int
	used          bool
	volume, cents int
}

func totalsOf(t demoTariff, details []demoDetail) (totals demoTotals) {
	if !t.groupSIM {
		totals.allowances[home] = [...]demoAllowance{
			voice: {bundle: unlimited}, data: {bundle: t.megabytes}, sms: {bundle: unlimited},
		}
	}
	for _, d := range details {
		totals.all += d.cents
		if d.zone == premium {
			totals.premium += d.cents
			continue
		}
		if d.zone == world {
			totals.international += d.cents
		}
		a := &totals.allowances[d.zone][d.service]
		a.used = true
		a.volume += d.volume
		a.cents += d.cents
		if d.rateClass == euData {
			a.bundle = euMegabytes
		}
	}
	return totals
}

func writeTotals(w *demo.Writer, t demoTariff, details []demoDetail) {
	totals := totalsOf(t, details)
	totals.writeUsage(w)
	if totals.premium > 0 {
		w.Decimal("amountPremium", totals.premium, 2, 0)
	}
	w.Bool("isGroupSim", t.groupSIM)
	w.Decimal("amountTotalUsage", totals.all, 2, 0)
	w.Decimal("amountInternationalTotal", totals.international, 2, 0)
	totals.writeAmounts(w)
}

// writeUsage writes the bundle and the usage of each zone and service that has either.
func (t *demoTotals) writeUsage(w *demo.Writer) {
	for z := range t.allowances {
		for s, a := range t.allowances[z] {
			name := demoZones[z] + demoServices[s]
			if a.bundle != 0 {
				w.Int("quantityInBundle"+name, a.bundle)
			}
			if a.bundle == 0 && !a.used {
				continue
			}
			switch key := "usage" + name; demoService(s) {
			case voice: // in minutes
				w.Decimal(key, (a.volume*100+30)/60, 2, 0)
			case data:
				writeMegabytes(w, key, a.volume)
			case sms:
				w.Int(key, a.volume)
			}
		}
	}
}

// writeMegabytes writes kilobytes as megabytes with six significant digits. kilobytes must be 0 or at least 1024.
func writeMegabytes(w *demo.Writer, key string, kilobytes int) {
	places, unit := 5, 100_000
	for whole := kilobytes / 1024; whole >= 10 && places > 0; whole /= 10 {
		places--
		unit /= 10
	}
	w.Decimal(key, (kilobytes*unit*2+1024)/2048, places, 0)
}

// writeAmounts writes the amount of each zone and service that has one. In the zone World it is also written as 0.
func (t *demoTotals) writeAmounts(w *demo.Writer) {
	for z := range t.allowances {
		for s, a := range t.allowances[z] {
			if a.cents > 0 || a.used && demoZone(z) == world {
				w.Decimal("amount"+demoZones[z]+demoServices[s], a.cents, 2, 0)
			}
		}
	}
}
