package lawtest_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// moment is a time in a plan: before a delivery, or within a file, after its first records.
type moment struct {
	delivery, records int
}

// meanwhile is a decision that is made while a file is imported, after its first records.
type meanwhile struct {
	records  int
	decision decision
}

func (m moment) before(o moment) bool {
	return cmp.Or(cmp.Compare(m.delivery, o.delivery), cmp.Compare(m.records, o.records)) < 0
}

// end returns the moment after a plan.
func end(plan []delivery) moment { return moment{delivery: len(plan)} }

// moments returns all moments of a plan, in order.
func moments(plan []delivery) []moment {
	var list []moment
	for i, d := range plan {
		list = append(list, moment{delivery: i})
		for records := d.batch; d.batch > 0 && records < len(d.documents); records += d.batch {
			list = append(list, moment{i, records})
		}
	}
	return append(list, end(plan))
}

func anyMoment(random *rand.Rand, plan []delivery) moment {
	list := moments(plan)
	return list[random.IntN(len(list))]
}

// insert returns a plan with a decision at a moment, before others at the same one.
func insert(plan []delivery, at moment, d decision) []delivery {
	if at.records == 0 {
		return slices.Insert(slices.Clone(plan), at.delivery, delivery{decision: &d})
	}
	plan = slices.Clone(plan)
	f := &plan[at.delivery]
	i := slices.IndexFunc(f.meanwhile, func(w meanwhile) bool { return w.records >= at.records })
	if i < 0 {
		i = len(f.meanwhile)
	}
	f.meanwhile = slices.Insert(slices.Clone(f.meanwhile), i, meanwhile{at.records, d})
	return plan
}
