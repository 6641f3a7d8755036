package lawtest_test

import (
	"bytes"
	"math/rand/v2"
	"slices"

	"usagegraph/db"
)

// delivery is one file, and how many of its records an import writes in one transaction, with the decisions that are made
// meanwhile; or a decision.
type delivery struct {
	decision *decision

	source    db.Source
	documents []*document
	batch     int
	meanwhile []meanwhile
}

var sources = []db.Source{db.Elevate, db.BRM, db.STN, db.DXP}

// inOneGo returns the files of a set that has one for each system.
func inOneGo(documents []*document) []delivery {
	var plan []delivery
	for _, source := range sources {
		if of := ofSource(documents, source); len(of) > 0 {
			plan = append(plan, delivery{source: source, documents: of})
		}
	}
	return plan
}

func ofSource(documents []*document, source db.Source) []*document {
	return slices.DeleteFunc(slices.Clone(documents), func(d *document) bool { return d.Source != source })
}

// inAnyOrder returns files of a set in an order that means the same: cut at random, with some documents in several of
// them. Documents of one id keep their order where they differ and neither says that it is older.
func inAnyOrder(random *rand.Rand, documents []*document) []delivery {
	var plan []delivery
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

// reordered returns documents in a random order that means the same, some of them several times.
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

// precedes reports whether a document must be imported before one that follows it in the set.
func precedes(first, second *document) bool {
	if first.record() != second.record() || first.older(second) || second.older(first) {
		return false
	}
	return !bytes.Equal(first.wire(), second.wire())
}
