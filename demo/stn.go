package demo

// summaries are stn's usage summaries, month by month: one of each line of the customers who are known in stn.
type summaries struct {
	*world
	month, member, line int
}

func newSummaries(w *world) *summaries { return &summaries{world: w} }

// total returns how many summaries there are.
func (s *summaries) total() int {
	lines := 0
	for i := range s.countSTN() {
		_, count := s.lines(inSTN.nth(i))
		lines += count
	}
	return lines * s.Months
}

func (s *summaries) next(w *writer) bool {
	if s.member == s.countSTN() {
		s.member = 0
		s.month++
	}
	if s.month == s.Months || s.Customers == 0 {
		return false
	}
	customer := inSTN.nth(s.member)
	first, lines := s.lines(customer)
	s.write(w, customer, first+s.line)
	if s.line++; s.line == lines {
		s.line = 0
		s.member++
	}
	return true
}

func (s *summaries) write(w *writer, customer, line int) {
	month := s.world.month(s.month)
	number := 100_000*line + 12*month.Year() + int(month.Month())
	id, lineID := s.random(ofSummaryID, number), s.random(ofSTNLine, line)
	r := s.random(ofSummary, number)
	bundle := s.bundleOf(line)
	uses := bundle.draw(&r)

	w.object("")
	w.string("id", id.id())
	w.string("subscriptionId", lineID.id())
	w.phone("phoneNumber", line)
	w.string("yearMonth", month.Format("2006_01"))
	w.string("customerId", s.stnCustomer(customer))
	w.string("providerGroup", bundle.provider)
	writeFigures(w, bundle, uses)
	w.endObject()
}

// writeFigures writes what was used by zone and service, and what it cost, and then each use.
func writeFigures(w *writer, b bundle, uses []use) {
	f := figuresOf(b, uses)
	f.writeUsage(w, zoneHome)
	f.writeUsage(w, zoneEU)
	f.writeUsage(w, zoneWorld)
	if f.premium > 0 {
		w.decimal("amountPremium", f.premium, 2, 0)
	}
	w.boolean("isGroupSim", b.group)
	w.decimal("amountTotalUsage", f.total, 2, 0)
	w.decimal("amountInternationalTotal", f.international, 2, 0)
	f.writeAmounts(w)
	w.array("usageDetails")
	for _, u := range uses {
		u.write(w)
	}
	w.endArray()
}
