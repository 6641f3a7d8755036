package lawtest_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// position is a place in a plan: before a step, or within a file after some of its records.
type position struct {
	step, records int
}

// interleaved is a decision made during the import of a file, after some of its records.
type interleaved struct {
	records  int
	decision decision
}

func (p position) before(o position) bool {
	return cmp.Or(cmp.Compare(p.step, o.step), cmp.Compare(p.records, o.records)) < 0
}

// end returns the position after the last step of a plan.
func end(plan []planStep) position { return position{step: len(plan)} }

// positions returns all positions of a plan, in order.
func positions(plan []planStep) []position {
	var list []position
	for i, d := range plan {
		list = append(list, position{step: i})
		for records := d.batch; d.batch > 0 && records < len(d.documents); records += d.batch {
			list = append(list, position{i, records})
		}
	}
	return append(list, end(plan))
}

func anyPosition(random *rand.Rand, plan []planStep) position {
	list := positions(plan)
	return list[random.IntN(len(list))]
}

// insert returns a plan with a decision at a position, before other decisions there.
func insert(plan []planStep, at position, d decision) []planStep {
	if at.records == 0 {
		return slices.Insert(slices.Clone(plan), at.step, planStep{decision: &d})
	}
	plan = slices.Clone(plan)
	f := &plan[at.step]
	i := slices.IndexFunc(f.interleaved, func(w interleaved) bool { return w.records >= at.records })
	if i < 0 {
		i = len(f.interleaved)
	}
	f.interleaved = slices.Insert(slices.Clone(f.interleaved), i, interleaved{at.records, d})
	return plan
}
