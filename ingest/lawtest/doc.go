// Package lawtest tests the law of identity: the state of a database is a function of the set of imported documents and
// of the decisions that people made (links and assignments). It never depends on the order of files, batches,
// repetitions or decisions.
//
// The tests generate random sets of documents (generator) and decisions about them, compute the owner of each record
// from the text of the law alone (oracle), and compare this with the answers of a database after an import in one order
// and in others (plan, answers). They have these flags:
//
//	-law.sets N   the number of sets for each database
//	-law.seed S   the seed of the first set, and of the only one without -law.sets; failures print it
//
// A failure prints the seed of its set and the fewest documents and decisions of it that still fail.
package lawtest
