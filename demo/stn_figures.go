package demo

// figures are a summary's sums: of each zone and service, and of all.
type figures struct {
	of                            [len(zones)][len(services)]figure
	premium, total, international int
}

type figure struct {
	// bundle is 0 where there is none.
	bundle        int
	used          bool
	volume, cents int
}

func figuresOf(b bundle, uses []use) (f figures) {
	if !b.group {
		f.of[zoneHome] = [len(services)]figure{serviceVoice: {bundle: unlimited}, serviceData: {bundle: b.megabytes}, serviceSMS: {bundle: unlimited}}
	}
	for _, u := range uses {
		f.total += u.cents
		if u.zone == zonePremium {
			f.premium += u.cents
			continue
		}
		if u.zone == zoneWorld {
			f.international += u.cents
		}
		sum := &f.of[u.zone][u.service]
		sum.used = true
		sum.volume += u.volume
		sum.cents += u.cents
		if u.rateClass == euData {
			sum.bundle = euMegabytes
		}
	}
	return f
}

// writeUsage writes what was used in a zone, where there is a bundle or a use.
func (f *figures) writeUsage(w *writer, z zone) {
	for s, sum := range f.of[z] {
		name := zones[z] + services[s]
		if sum.bundle != 0 {
			w.integer("quantityInBundle"+name, sum.bundle)
		}
		if sum.bundle == 0 && !sum.used {
			continue
		}
		switch key := "usage" + name; service(s) {
		case serviceVoice:
			w.decimal(key, (sum.volume*100+30)/60, 2, 0)
		case serviceData:
			w.megabytes(key, sum.volume)
		case serviceSMS:
			w.integer(key, sum.volume)
		}
	}
}

// megabytes writes kilobytes as megabytes, with six significant digits: it is for 0, and from one megabyte up.
func (w *writer) megabytes(key string, kilobytes int) {
	places := 5
	for whole := kilobytes / 1024; whole >= 10 && places > 0; whole /= 10 {
		places--
	}
	w.decimal(key, (kilobytes*powers[places]*2+1024)/2048, places, 0)
}

// writeAmounts writes what was charged by zone and service: in the world always, elsewhere where it was something.
func (f *figures) writeAmounts(w *writer) {
	for z := range f.of {
		for s, sum := range f.of[z] {
			if sum.cents > 0 || sum.used && zone(z) == zoneWorld {
				w.decimal("amount"+zones[z]+services[s], sum.cents, 2, 0)
			}
		}
	}
}
