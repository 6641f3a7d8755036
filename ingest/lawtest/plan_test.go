package lawtest_test

import (
	"bytes"
	"math/rand/v2"
	"slices"

	"usagegraph/db"
)

// planStep is a decision, or one file with the number of its records per transaction and the decisions made during its
// import.
type planStep struct {
	decision *decision

	source      db.Source
	documents   []*document
	batch       int
	interleaved []interleaved
}

var sources = []db.Source{db.Elevate, db.BRM, db.STN, db.DXP}

// inOneGo returns one file of a set for each system.
func inOneGo(documents []*document) []planStep {
	var plan []planStep
	for _, source := range sources {
		if of := ofSource(documents, source); len(of) > 0 {
			plan = append(plan, planStep{source: source, documents: of})
		}
	}
	return plan
}

func ofSource(documents []*document, source db.Source) []*document {
	return slices.DeleteFunc(slices.Clone(documents), func(d *document) bool { return d.Source != source })
}

// inAnyOrder returns files of a set in an equivalent random order, with some documents in several of them. Different
// documents with one id keep their order unless their dates determine which is older.
func inAnyOrder(random *rand.Rand, documents []*document) []planStep {
	var plan []planStep
	for rest := reordered(random, documents); len(rest) > 0; {
		n := 1 + random.IntN(min(len(rest), 8))
		files := inOneGo(rest[:n])
		random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
		for i := range files {
			files[i].batch = random.IntN(4)
		}
		plan, rest = append(plan, files...), rest[n:]
	}
	return plan
}

// reordered returns documents in an equivalent random order, some of them several times.
func reordered(random *rand.Rand, documents []*document) []*document {
	var places []int
	for i := range documents {
		places = append(places, i)
		if random.IntN(7) == 0 {
			places = append(places, i)
		}
	}
	var order []*document
	for len(places) > 0 {
		at := random.IntN(len(places))
		if slices.ContainsFunc(places, func(i int) bool { return i < places[at] && precedes(documents[i], documents[places[at]]) }) {
			continue
		}
		order = append(order, documents[places[at]])
		places = slices.Delete(places, at, at+1)
	}
	return order
}

// precedes reports whether a document must be imported before a later one of the set.
func precedes(first, second *document) bool {
	if first.record() != second.record() || first.older(second) || second.older(first) {
		return false
	}
	return !bytes.Equal(first.encode(), second.encode())
}
